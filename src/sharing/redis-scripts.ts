// Scripts that Redis runs, each as a whole. Times are those of Redis, in milliseconds.

/** Two lines that give `now` in milliseconds. */
const NOW = `local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)`;

/** Counts from the first request on. @see SharedStore.count */
export const COUNT = `local count = redis.call('INCR', KEYS[1])
local left = redis.call('PTTL', KEYS[1])
if left < 0 then
  left = tonumber(ARGV[1])
  redis.call('PEXPIRE', KEYS[1], left)
end
return {count, left}`;

/**
 * Gives out turns. The list has the moments of the last ones, as many as may begin in an interval: the oldest tells when
 * the next may. Moments further ahead than any turn is given out come from a clock that was set back.
 *
 * @see SharedStore.turns
 */
export const TURNS: string = `${NOW}
local cap, interval = tonumber(ARGV[1]), tonumber(ARGV[2])
local wanted, ahead = tonumber(ARGV[3]), tonumber(ARGV[4])
local last = tonumber(redis.call('LINDEX', KEYS[1], -1) or 0)
local size = redis.call('LLEN', KEYS[1])
if last > now + ahead then
  redis.call('DEL', KEYS[1])
  last, size = 0, 0
end
local answer = {0}
for _ = 1, wanted do
  local at = math.max(now, last)
  if size >= cap then at = math.max(at, tonumber(redis.call('LINDEX', KEYS[1], 0)) + interval) end
  if at - now > ahead then
    answer[1] = at - now
    break
  end
  last = at
  size = redis.call('RPUSH', KEYS[1], at)
  while size > cap do
    redis.call('LPOP', KEYS[1])
    size = size - 1
  end
  answer[#answer + 1] = at - now
end
redis.call('PEXPIRE', KEYS[1], interval + ahead + 1000)
return answer`;

/**
 * Shares places. Each holder has a field: the places that it may use, those that it wants, when these are free again, and
 * since when it has none. Where there are fewer places than holders, the one that has waited longest comes first.
 *
 * @see SharedStore.places
 */
export const PLACES: string = `${NOW}
local me, used, wanted = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local limit, life = tonumber(ARGV[4]), tonumber(ARGV[5])
local all = redis.call('HGETALL', KEYS[1])
local others, holders, short, since, oldest = 0, 1, false, now, now
for i = 1, #all, 2 do
  local held, want, ends, from = string.match(all[i + 1], '^(%d+) (%d+) (%d+) (%d+)$')
  held, want, ends, from = tonumber(held), tonumber(want), tonumber(ends), tonumber(from)
  if all[i] == me then
    if held == 0 and from <= now then since = from end
  elseif ends < now or ends > now + 600000 then
    redis.call('HDEL', KEYS[1], all[i])
  else
    others = others + held
    if want > 0 then holders = holders + 1 end
    if want > held then
      short = true
      if held == 0 and from < oldest then oldest = from end
    end
  end
end
local may = math.min(wanted, limit - others)
if short then
  local share = math.floor(limit / holders)
  if share == 0 and since <= oldest then share = 1 end
  may = math.min(may, share)
end
may = math.max(may, used, 0)
if wanted == 0 and may == 0 then
  redis.call('HDEL', KEYS[1], me)
else
  redis.call('HSET', KEYS[1], me, string.format('%d %d %d %d', may, wanted, now + life, since))
  redis.call('PEXPIRE', KEYS[1], life)
end
return may`;

/** @see SharedStore.members */
export const MEMBERS: string = `${NOW}
local life = tonumber(ARGV[2])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
redis.call('ZREMRANGEBYSCORE', KEYS[1], now + 600000, '+inf')
redis.call('ZADD', KEYS[1], now + life, ARGV[1])
redis.call('PEXPIRE', KEYS[1], math.max(life, redis.call('PTTL', KEYS[1])))
return redis.call('ZCARD', KEYS[1])`;

/** Counts in tenths of the time, which go one by one. @see SharedStore.tally */
export const TALLY: string = `${NOW}
local window = tonumber(ARGV[1])
local part = math.floor(now / (window / 10))
local function add(field, more)
  if more > 0 then redis.call('HINCRBY', KEYS[1], field .. part, more) end
end
add('c', tonumber(ARGV[2]))
add('f', tonumber(ARGV[3]))
local calls, failures = 0, 0
local all = redis.call('HGETALL', KEYS[1])
for i = 1, #all, 2 do
  local at = tonumber(string.sub(all[i], 2))
  if at <= part - 10 or at > part then redis.call('HDEL', KEYS[1], all[i])
  elseif string.sub(all[i], 1, 1) == 'c' then calls = calls + all[i + 1]
  else failures = failures + all[i + 1] end
end
redis.call('PEXPIRE', KEYS[1], window * 2)
return {calls, failures}`;

/** @see SharedStore.pause */
export const PAUSE = `if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[1]) then redis.call('SET', KEYS[1], '1', 'PX', ARGV[1]) end
return 0`;

/** `SET NX GET` in one needs Redis 7. @see SharedStore.setIfAbsent */
export const SET_IF_ABSENT = `local found = redis.call('GET', KEYS[1])
if found then return found end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return false`;

/** @see SharedStore.replace */
export const REPLACE = `if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1`;

/** @see SharedStore.delete */
export const DELETE_SAME = `if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 0`;
