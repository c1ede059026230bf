-- Signs a session out by its own cookie.
-- KEYS: session, memo. ARGV: verifier, previous verifier.
-- Answers {'done', account or '', created} | {'gone'}.
local record = redis.pcall('HMGET', KEYS[1], 'key', 'account', 'created')
if record.err or not (record[1] == ARGV[1] or record[1] == ARGV[2]) then return {'gone'} end
redis.call('DEL', KEYS[1], KEYS[2])
return {'done', record[2] or '', record[3] or '0'}
