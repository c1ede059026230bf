-- Lists a session under its account: a sorted set scored by deadline, which drops what is past it.
-- KEYS: index. ARGV: member, deadline ms, limit (0 = none).
-- Answers, once there are more members than the limit, the oldest of them: one more than the limit.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZADD', KEYS[1], ARGV[2], ARGV[1])
for _, member in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now)) do
  if string.sub(member, 1, 1) ~= '!' then redis.call('ZREM', KEYS[1], member) end
end
local last = redis.call('ZRANGE', KEYS[1], -1, -1, 'WITHSCORES')
redis.call('PEXPIREAT', KEYS[1], string.format('%.0f', tonumber(last[2])))

local limit = tonumber(ARGV[3])
if limit == 0 or redis.call('ZCARD', KEYS[1]) <= limit then return {} end
local members = redis.call('ZRANGE', KEYS[1], 0, -1)
table.sort(members)
return {unpack(members, 1, math.min(#members, limit + 1))}
