-- Reads a session and, when it was last touched long enough ago, keeps it alive. Tells why there is none.
-- KEYS: session, memo. ARGV: verifier, previous verifier, touch interval ms, memo linger ms.
-- Answers {'found', now, field, value, ...} | {'missing'} | {'renamed'} | {'corrupt'} | {'ended', why}.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local function ours(key) return key == ARGV[1] or key == ARGV[2] end

local function how_it_ended()
  local memo = redis.pcall('HMGET', KEYS[2], 'key', 'why', 'deadline', 'until')
  if memo.err or not ours(memo[1]) then return {'missing'} end
  if memo[2] then return {'ended', memo[2]} end
  if now >= (tonumber(memo[3]) or math.huge) then return {'ended', 'absolute'} end
  if now >= (tonumber(memo[4]) or math.huge) then return {'ended', 'idle'} end
  return {'missing'}
end

local record = redis.pcall('HMGET', KEYS[1], 'key', 'idle', 'deadline', 'seen', 'account', 'key_before', 'renamed')
if record.err then
  redis.call('DEL', KEYS[1])
  return {'corrupt'}
end
if not record[1] then
  if redis.call('DEL', KEYS[1]) == 1 then return {'corrupt'} end
  return how_it_ended()
end
if not ours(record[1]) then
  -- A request that set out before the browser had the new cookie.
  local just_now = now - (tonumber(record[7]) or 0) < 30000
  return {just_now and ours(record[6]) and 'renamed' or 'missing'}
end

local idle, deadline, seen = tonumber(record[2]), tonumber(record[3]), tonumber(record[4])
if not (idle and deadline and seen) then
  redis.call('DEL', KEYS[1])
  return {'corrupt'}
end

local ends = math.min(now + idle, deadline)
if ends <= now then
  redis.call('DEL', KEYS[1])
  return how_it_ended()
end
-- abs: after a failover the clock may have gone back. A key of the previous secret is renewed at once.
if math.abs(now - seen) >= tonumber(ARGV[3]) or record[1] ~= ARGV[1] then
  -- In this order: a server that is full refuses a script whose first change is an HSET, and reading is to go on.
  redis.call('PEXPIREAT', KEYS[1], ends)
  redis.call('HSET', KEYS[1], 'seen', now, 'key', ARGV[1])
  if record[5] then
    redis.call('HSET', KEYS[2], 'key', ARGV[1], 'deadline', deadline, 'until', ends)
    redis.call('PEXPIREAT', KEYS[2], ends + ARGV[4])
  end
end
local answer = redis.call('HGETALL', KEYS[1])
table.insert(answer, 1, 'found')
table.insert(answer, 2, string.format('%.0f', now))
return answer
