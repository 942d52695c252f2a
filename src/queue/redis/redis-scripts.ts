// Scripts that Redis runs, each as a whole. The hash of a batch has `record`, `claimed`, `submitted`, and `rows` and
// `cancelled` where they are known, and a count for each status (`s:200`).

/** Keys: hash, set of all batches. Arguments: id, record, time, life. */
export const CREATE = `
if redis.call('EXISTS', KEYS[1]) == 0 then
  redis.call('HSET', KEYS[1], 'record', ARGV[2], 'claimed', 0, 'submitted', 0)
  redis.call('ZADD', KEYS[2], ARGV[3], ARGV[1])
else
  redis.call('HDEL', KEYS[1], 'cancelled', 'rows')
end
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return redis.call('HGETALL', KEYS[1])`;

/** Keys: hash. Arguments: id, prefix of the ledger, its life, then row and ledger name for each. */
export const CLAIM = `
local taken = {}
local last = tonumber(redis.call('HGET', KEYS[1], 'claimed'))
if not last then return taken end
for i = 4, #ARGV, 2 do
  local row = tonumber(ARGV[i])
  if row > last then last = row end
  if ARGV[i + 1] ~= '' then
    local key, me = ARGV[2] .. ARGV[i + 1], ARGV[1] .. '.' .. ARGV[i]
    local owner = redis.call('GET', key)
    if not owner then redis.call('SET', key, me, 'PX', ARGV[3])
    elseif owner ~= me then taken[#taken + 1] = row end
  end
end
redis.call('HSET', KEYS[1], 'claimed', last)
return taken`;

/** Keys: hash. Arguments: field, number: sets it if it is larger. */
export const RAISE = `
local now = tonumber(redis.call('HGET', KEYS[1], ARGV[1]))
if redis.call('EXISTS', KEYS[1]) == 1 and tonumber(ARGV[2]) > (now or -1) then
  redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
end
return 0`;

/** Keys: hash, bits of done rows, results. Arguments: id, prefix of the ledger, life; row, status, line, release of each. */
export const ADD_RESULTS = `
local claimed = tonumber(redis.call('HGET', KEYS[1], 'claimed'))
local kept = 0
if not claimed then return kept end
for i = 4, #ARGV, 4 do
  local row = tonumber(ARGV[i])
  if row >= 1 and row <= claimed and redis.call('SETBIT', KEYS[2], row, 1) == 0 then
    kept = kept + 1
    redis.call('XADD', KEYS[3], '*', 'l', ARGV[i + 2])
    redis.call('HINCRBY', KEYS[1], 's:' .. ARGV[i + 1], 1)
    if ARGV[i + 3] ~= '' then
      local key = ARGV[2] .. ARGV[i + 3]
      if redis.call('GET', key) == ARGV[1] .. '.' .. ARGV[i] then redis.call('DEL', key) end
    end
  end
end
for i = 1, 3 do redis.call('PEXPIRE', KEYS[i], ARGV[3]) end
return kept`;

/** Keys: hash, bits of done rows, results, rows to be done again. Arguments: row, status, cursor, line, life. */
export const REOPEN = `
if redis.call('XDEL', KEYS[3], ARGV[3]) == 0 then return 0 end
redis.call('HSET', KEYS[4], ARGV[1], ARGV[4])
redis.call('PEXPIRE', KEYS[4], ARGV[5])
redis.call('SETBIT', KEYS[2], ARGV[1], 0)
if redis.call('HINCRBY', KEYS[1], 's:' .. ARGV[2], -1) <= 0 then redis.call('HDEL', KEYS[1], 's:' .. ARGV[2]) end
return 1`;

/**
 * Goes through a part of BullMQ's list of waiting jobs, from its next one on: those of others go to its other end, in
 * their order. Keys: that list. Arguments: id, prefix of jobs, prefix of the ledger, most jobs.
 */
export const TAKE_BACK = `
local mine, taken = ARGV[1] .. '.', 0
for _ = 1, tonumber(ARGV[4]) do
  local id = redis.call('RPOP', KEYS[1])
  if not id then break end
  if string.sub(id, 1, #mine) == mine then
    local key = ARGV[2] .. id
    local ledger = string.match(redis.call('HGET', key, 'data') or '', '"ledger":"([%w_-]+)"')
    if ledger and redis.call('GET', ARGV[3] .. ledger) == id then redis.call('DEL', ARGV[3] .. ledger) end
    redis.call('DEL', key)
    taken = taken + 1
  else
    redis.call('LPUSH', KEYS[1], id)
  end
end
return taken`;
