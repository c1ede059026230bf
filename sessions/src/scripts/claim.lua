-- Hands out the sessions beyond an account's limit, each to one node only, which then ends them.
-- A claimed member gets a '!' and a lease instead of its deadline: should that node die, the next sign-in finds the
-- lease over and claims it again.
-- KEYS: index. ARGV: limit, lease ms, then members known to be dead.
-- Answers the members to end.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local leased_until = string.format('%.0f', now + ARGV[2])
for i = 3, #ARGV do redis.call('ZREM', KEYS[1], ARGV[i], '!' .. ARGV[i]) end

local living, mine = {}, {}
local all = redis.call('ZRANGE', KEYS[1], 0, -1, 'WITHSCORES')
for i = 1, #all, 2 do
  local member = all[i]
  if string.sub(member, 1, 1) ~= '!' then
    table.insert(living, member)
  elseif tonumber(all[i + 1]) <= now then
    redis.call('ZADD', KEYS[1], leased_until, member)
    table.insert(mine, string.sub(member, 2))
  end
end
-- Members begin with the time of the sign-in.
table.sort(living)
for i = 1, #living - ARGV[1] do
  redis.call('ZREM', KEYS[1], living[i])
  redis.call('ZADD', KEYS[1], leased_until, '!' .. living[i])
  table.insert(mine, living[i])
end
return mine
