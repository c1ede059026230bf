-- Lists a session under its account: a sorted set scored by deadline, which drops what is past it.
-- KEYS: index. ARGV: session name, deadline ms, limit (0 = none).
-- Answers every name once there are more of them than the limit, else nothing.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZADD', KEYS[1], ARGV[2], ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
local last = redis.call('ZRANGE', KEYS[1], -1, -1, 'WITHSCORES')
if last[2] then redis.call('PEXPIREAT', KEYS[1], string.format('%.0f', tonumber(last[2]))) end
local limit = tonumber(ARGV[3])
if limit > 0 and redis.call('ZCARD', KEYS[1]) > limit then return redis.call('ZRANGE', KEYS[1], 0, -1) end
return {}
