-- Writes a new session, unless its key is taken.
-- KEYS: session, memo. ARGV: verifier, idle ms, max age ms, memo linger ms, account or '', agent, remembered 0|1,
-- then field, value, ...
-- Answers {'done', deadline, created} | {'taken'}. Sent twice by a reconnecting client, it is still done once.
local holder = redis.pcall('HGET', KEYS[1], 'key')
if holder == ARGV[1] then
  return {'done', redis.call('HGET', KEYS[1], 'deadline'), redis.call('HGET', KEYS[1], 'created')}
end
if redis.call('EXISTS', KEYS[1]) == 1 then return {'taken'} end

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local deadline = now + ARGV[3]
local ends = math.min(now + ARGV[2], deadline)

for i = 8, #ARGV, 2 do redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1]) end
redis.call('HSET', KEYS[1], 'v', 1, 'key', ARGV[1], 'created', now, 'seen', now, 'deadline', deadline, 'idle', ARGV[2])
redis.call('PEXPIREAT', KEYS[1], ends)
if ARGV[5] ~= '' then
  redis.call('HSET', KEYS[1], 'account', ARGV[5], 'agent', ARGV[6], 'remembered', ARGV[7])
  redis.call('DEL', KEYS[2])
  redis.call('HSET', KEYS[2], 'key', ARGV[1], 'deadline', deadline, 'until', ends)
  redis.call('PEXPIREAT', KEYS[2], ends + ARGV[4])
end
return {'done', string.format('%.0f', deadline), string.format('%.0f', now)}
