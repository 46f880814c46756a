/**
 * Takes jobs out of a queue, so that no worker gets them, into the list of those that move: those that are due first, in
 * their order, one a millisecond. Those of lost workers, whose lock has expired, are among them.
 * Keys: wait, prioritized, delayed, active, stalled, moving. Arguments: prefix of a job's key, how many, now in
 * milliseconds. Each entry is the moment when the job is due, a blank, and its id. Returns the number of entries.
 */
export const claim = `
local wait, prioritized, delayed, active, stalled, moving = unpack(KEYS)
local jobs, limit, now = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local taken = 0
local function take(due, id)
  redis.call('RPUSH', moving, string.format('%d %s', due or now - limit + taken, id))
  taken = taken + 1
end
while taken < limit do
  local id = redis.call('RPOP', wait)
  if not id then break end
  take(nil, id)
end
for _, id in ipairs(redis.call('ZRANGE', prioritized, 0, limit - taken - 1)) do
  redis.call('ZREM', prioritized, id)
  take(nil, id)
end
local later = redis.call('ZRANGE', delayed, 0, limit - taken - 1, 'WITHSCORES')
for at = 1, #later, 2 do
  redis.call('ZREM', delayed, later[at])
  -- BullMQ's score: the moment in milliseconds, then 12 bits that keep the order.
  take(math.floor(tonumber(later[at + 1]) / 4096), later[at])
end
for _, id in ipairs(redis.call('LRANGE', active, 0, -1)) do
  if taken < limit and redis.call('EXISTS', jobs .. id .. ':lock') == 0 then
    redis.call('LREM', active, 1, id)
    redis.call('SREM', stalled, id)
    take(nil, id)
  end
end
return taken`;

/** Forgets a job that stands in the other queue. Keys: moving, the job's, its log's. Argument: its entry. */
export const forget = `
if redis.call('LREM', KEYS[1], 1, ARGV[1]) == 0 then return 0 end
redis.call('DEL', KEYS[2], KEYS[3])
return 1`;

/**
 * Sets fields of a job that is parked: it cannot have begun. Keys: delayed, the job's. Arguments: its id, the delay of
 * parked jobs, names and values of fields.
 */
export const complete = `
if not redis.call('ZSCORE', KEYS[1], ARGV[1]) or redis.call('HGET', KEYS[2], 'delay') ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[2], unpack(ARGV, 3))
return 1`;

/**
 * Copies a key, unless its clients have changed it here since it was copied last. Key: its name. Arguments: milliseconds
 * that it has left (0: for good), its value as of DUMP, hash of the value that was copied last. Returns the hash of what
 * is there now, or nothing where it was kept.
 */
export const restore = `
local here = redis.call('DUMP', KEYS[1])
if here and redis.sha1hex(here) ~= ARGV[3] then return false end
redis.call('RESTORE', KEYS[1], ARGV[1], ARGV[2], 'REPLACE')
return redis.sha1hex(redis.call('DUMP', KEYS[1]))`;

/** Keeps or takes the lease. Key: the lease. Arguments: token, milliseconds. */
export const lease = `
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1`;

/** Gives the lease up. */
export const release = `
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 1`;
