-- Takes one token of a rate limit (the generic cell rate algorithm: `limit` at once, refilled evenly).
-- KEYS: limit. ARGV: ms between two tokens, window ms.
-- Answers 0 when allowed, else the ms until the next token.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local full_at = math.max(tonumber(redis.call('GET', KEYS[1]) or now) or now, now) + ARGV[1]
local wait = full_at - now - ARGV[2]
-- Half a millisecond of grace for fractions that do not add up to the window.
if wait > 0.5 then return math.ceil(wait) end
redis.call('SET', KEYS[1], string.format('%.3f', full_at), 'PX', math.ceil(full_at - now))
return 0
