-- What others sealed is passed on where a peer was not seen to hold it. All of it came from the
-- servers whose logs were read so far, which hold it.
INSERT OR IGNORE INTO peer_have (peer, device, generation, counter, id)
SELECT cursor.server, peer_have.device, peer_have.generation, peer_have.counter, peer_have.id
FROM cursor, peer_have
WHERE peer_have.peer = '' AND peer_have.device NOT IN (SELECT device FROM replica);
