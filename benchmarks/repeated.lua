-- Ask one query again and again, for wrk; see endpoint.py.
--
-- Arguments: the path with the query, encoded; the header Accept; a word that makes each query of this run a
-- new one by a comment at its end, or nothing to ask the same each time.

local threads = 0

function setup(thread)
   threads = threads + 1
   thread:set("number", threads)
end

function init(args)
   local path, word, count = args[1], args[3], 0
   wrk.path = path
   wrk.headers["Accept"] = args[2]
   -- Without a function, wrk sends the same bytes again by itself, which takes it less time.
   if word ~= nil then
      request = function()
         count = count + 1
         return wrk.format("GET", path .. "%0A%23" .. word .. "-" .. number .. "-" .. count)
      end
   end
end

function done(summary, latency, requests)
   local wrong = summary.errors
   io.write(string.format(
      "\nfigures %d %d %d %d %d %d\n", summary.requests, summary.duration,
      latency:percentile(50), latency:percentile(99),
      wrong.connect + wrong.read + wrong.write + wrong.timeout, wrong.status))
end
