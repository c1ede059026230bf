-- Ends one session of an account from outside and leaves a memo for whoever still holds its cookie.
-- KEYS: session, memo. ARGV: account, why, memo linger ms.
-- Answers {created} when it ended a session, else {}.
local record = redis.pcall('HMGET', KEYS[1], 'account', 'key', 'created')
if record.err or record[1] ~= ARGV[1] then return {} end
redis.call('DEL', KEYS[1], KEYS[2])
redis.call('HSET', KEYS[2], 'key', record[2] or '', 'why', ARGV[2])
redis.call('PEXPIRE', KEYS[2], ARGV[3])
return {record[3] or '0'}
