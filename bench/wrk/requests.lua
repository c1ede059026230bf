-- Sends the prepared requests of a file in turn, each thread its own share: again and again, or each once. Says at the
-- end what came of it, as one line of JSON.
-- Arguments: file, number of threads, `again` or `once`.

local threads = 0

function setup(thread)
  thread:set('place', threads)
  threads = threads + 1
end

function init(arguments)
  local file = assert(io.open(arguments[1], 'rb'))
  local text = file:read('*a')
  file:close()
  local count, number = tonumber(arguments[2]), 0
  requests, next_one, once = {}, 0, arguments[3] == 'once'
  for request in text:gmatch('[^%z]+') do
    if number % count == place then requests[#requests + 1] = request end
    number = number + 1
  end
end

function request()
  next_one = next_one + 1
  if next_one > #requests then
    if once then wrk.thread:stop() end
    next_one = 1
  end
  return requests[next_one]
end

function done(summary, latency)
  local errors = summary.errors
  print(string.format(
    '{"requests":%d,"seconds":%.6f,"p50_us":%d,"p99_us":%d,"refused":%d,"broken":%d}',
    summary.requests, summary.duration / 1e6, latency:percentile(50), latency:percentile(99),
    errors.status, errors.connect + errors.read + errors.write + errors.timeout
  ))
end
