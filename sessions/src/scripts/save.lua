-- Changes the fields of a session that still exists: a plain save, a rotation, a sign-in or a return to anonymous.
-- KEYS: session, memo. ARGV: verifier, previous verifier, next verifier, memo linger ms,
-- act (keep | sign_in | forget), idle ms, max age ms, account, agent, remembered 0|1, fresh 0|1,
-- number of fields to remove, those names, then field, value, ...
-- Answers {'done', deadline, created, remembered, account before or '', created before} | {'gone'}.
-- `next` also passes the guard: a command repeated after a lost connection has already been applied.
local holder = redis.pcall('HGET', KEYS[1], 'key')
if holder ~= ARGV[1] and holder ~= ARGV[2] and holder ~= ARGV[3] then return {'gone'} end

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local before = redis.call('HMGET', KEYS[1], 'account', 'created')

-- First a change that a full server refuses: it would let a script go on that begins by removing something.
redis.call('HSET', KEYS[1], 'seen', now)

if ARGV[11] == '1' then
  redis.call('DEL', KEYS[1])
  redis.call('HSET', KEYS[1], 'v', 1)
end
local first = 13 + ARGV[12]
for i = 13, first - 1 do redis.call('HDEL', KEYS[1], ARGV[i]) end
for i = first, #ARGV, 2 do redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1]) end

if ARGV[5] == 'sign_in' then
  redis.call('HSET', KEYS[1], 'created', now, 'deadline', now + ARGV[7], 'idle', ARGV[6],
    'account', ARGV[8], 'agent', ARGV[9], 'remembered', ARGV[10])
elseif ARGV[5] == 'forget' then
  redis.call('HDEL', KEYS[1], 'account', 'agent', 'remembered')
  redis.call('DEL', KEYS[2])
end
redis.call('HSET', KEYS[1], 'key', ARGV[3], 'seen', now)
if ARGV[3] ~= ARGV[1] then redis.call('HSET', KEYS[1], 'key_before', ARGV[1], 'renamed', now) end

local record = redis.call('HMGET', KEYS[1], 'idle', 'deadline', 'account', 'remembered', 'created')
local deadline = tonumber(record[2]) or 0
local ends = math.min(now + (tonumber(record[1]) or 0), deadline)
if ends <= now then
  redis.call('DEL', KEYS[1])
  return {'gone'}
end
redis.call('PEXPIREAT', KEYS[1], ends)
if record[3] then
  redis.call('HSET', KEYS[2], 'key', ARGV[3], 'deadline', deadline, 'until', ends)
  redis.call('PEXPIREAT', KEYS[2], ends + ARGV[4])
end
return {'done', string.format('%.0f', deadline), record[5] or '0', record[4] or '0', before[1] or '', before[2] or '0'}
