-- The language that a letter is written in when it leaves. Nodes that do not know of it yet write in English.
alter table outbox add column language text not null default 'en';
