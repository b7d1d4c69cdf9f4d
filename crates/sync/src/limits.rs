//! Every limit of the protocol, in one place. Both sides refuse what is over them.

/// Longest frame (one request or one reply), in bytes.
pub const FRAME_BYTES_MAX: usize = 1024 * 1024;
/// Longest padded plaintext of one envelope, in bytes; leaves room for others in a frame.
pub const PADDED_BYTES_MAX: usize = 768 * 1024;
/// Length of the AEAD tag that ends a ciphertext, in bytes (AES-256-GCM).
pub const TAG_BYTES: usize = 16;
/// Envelopes in one push.
pub const PUSH_ENVELOPES_MAX: usize = 1024;
/// Wrapped keys in one push.
pub const PUSH_KEYS_MAX: usize = 1024;
/// Items in one page of a pull.
pub const PAGE_ITEMS_MAX: usize = 4096;
/// Bytes of items a server puts in one page, so that the frame with its head fits
/// [`FRAME_BYTES_MAX`].
pub const PAGE_BYTES_MAX: usize = FRAME_BYTES_MAX - 1024;
/// Entries in a HAVE vector: devices times generations.
pub const HAVE_ENTRIES_MAX: usize = 16_384;
/// Generations of one device named in a HELLO reply.
pub const OWN_GENERATIONS_MAX: usize = 4096;
/// Lanes that a device may have whatever others have: see
/// [`LaneCounts`](crate::log::LaneCounts).
pub const LANES_OF_DEVICE_MIN: usize = HAVE_ENTRIES_MAX / DEVICES_MAX;
/// Lanes of one device that were opened without having met the server, at most. As many are left to
/// it for those that the server met.
pub const UNMET_LANES_MAX: usize = 8;
const _: () = assert!(DEVICES_MAX * (UNMET_LANES_MAX + UNMET_LANES_MAX) <= HAVE_ENTRIES_MAX);
const _: () = assert!(UNMET_LANES_MAX + UNMET_LANES_MAX <= LANES_OF_DEVICE_MIN);
/// Envelopes kept for one counter of one device; more is an attack, not a clone.
pub const FORKS_PER_COUNTER_MAX: usize = 8;

/// Consecutive changes of one document in one envelope.
pub const BATCH_CHANGES_MAX: usize = 64;
/// Bytes of changes after which a batch is closed; one change may be larger by itself.
pub const BATCH_BYTES_MAX: usize = 32 * 1024;
/// Longest change that travels in one piece, in bytes.
pub const CHANGE_BYTES_MAX: usize = 512 * 1024;
/// Longest part of a larger change, in bytes; two parts fit a frame.
pub const PART_BYTES_MAX: usize = 448 * 1024;
/// Parts of one change: 14 MiB. Larger content belongs in a blob.
pub const PARTS_MAX: u32 = 32;
/// Batches in one envelope.
pub const BATCHES_MAX: usize = 512;
/// Bytes of changes in all of them: what cannot be compressed still fits an envelope.
pub const BATCHES_BYTES_MAX: usize = 512 * 1024;
/// Documents in one pack.
pub const PACK_DOCUMENTS_MAX: usize = 256;
/// Longest document in a pack, in bytes; longer ones travel as changes.
pub const PACK_DOCUMENT_BYTES_MAX: usize = 384 * 1024;
/// Bytes of documents in one pack: what cannot be compressed still fits an envelope.
pub const PACK_BYTES_MAX: usize = 640 * 1024;
/// Envelopes that cover a log up to a floor.
pub const FLOOR_ENVELOPES_MAX: usize = 8192;
/// Longest floor, in bytes: what cannot be compressed still fits an envelope.
pub const FLOOR_BYTES_MAX: usize = 640 * 1024;
/// People listed in one envelope.
pub const PEOPLE_MAX: usize = 8192;
/// Longest that is said of one of them, in bytes.
pub const PERSON_BYTES_MAX: usize = 1024;
/// Bytes that are said of all of one envelope: what cannot be compressed still fits it.
pub const PEOPLE_BYTES_MAX: usize = 640 * 1024 - 24 * PEOPLE_MAX;
/// Longest plaintext of one envelope before compression, in bytes.
pub const PAYLOAD_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Longest name of a document kind, in bytes.
pub const DOCUMENT_KIND_BYTES_MAX: usize = 32;

/// What is recorded before a device tells again what it saw of a log, in envelopes.
pub const CHECKPOINT_ENTRIES_MIN: u64 = 256;
/// How long a device waits before it tells of less than that, in milliseconds (a day).
pub const CHECKPOINT_PAUSE_MS: i64 = 24 * 60 * 60 * 1000;

/// Longest sealed blob, in bytes.
pub const BLOB_BYTES_MAX: u64 = 64 * 1024 * 1024;
/// Blobs asked for in one frame.
pub const BLOBS_ASKED_MAX: usize = 1024;
/// Bytes of a blob in one frame, where a desktop gives it: what a line that breaks costs at most.
pub const BLOB_PART_BYTES_MAX: usize = 256 * 1024;

/// Longest wrapped document key, in bytes.
pub const WRAPPED_KEY_BYTES_MAX: usize = 256;
/// Wrapped keys in one page.
pub const KEYS_PAGE_MAX: usize = 2048;
/// Wrapped keys kept for one document in one epoch, of those that one device brings. Each computer that
/// writes a document in an epoch before it heard of another's key makes one, and one may bring them
/// all, so that there may honestly be as many as computers; and a document is written in any number
/// of epochs.
pub const KEYS_PER_DOCUMENT_EPOCH_AND_DEVICE_MAX: usize = DEVICES_MAX;

/// Devices in one clinic, revoked ones included.
pub const DEVICES_MAX: usize = 1024;
/// Entries in one membership log.
pub const MEMBERSHIP_ENTRIES_MAX: u32 = 65_536;
/// Membership entries in one frame.
pub const MEMBERSHIP_PAGE_ENTRIES_MAX: usize = 1024;
/// Longest encoded membership entry, in bytes.
pub const MEMBERSHIP_ENTRY_BYTES_MAX: usize = 512 * 1024;
/// Longest sealed content of a recovery kit, in bytes: the keys of ten thousand epochs, and people.
pub const KIT_BYTES_MAX: usize = 480 * 1024;
/// Longest sealed device name, in bytes.
pub const SEALED_NAME_BYTES_MAX: usize = 256;
/// Longest epoch key sealed to one device, in bytes.
pub const SEALED_KEY_BYTES_MAX: usize = 256;
/// Generations named in the cut of a revocation.
pub const CUT_ENTRIES_MAX: usize = OWN_GENERATIONS_MAX;
/// Invites open at one time in one clinic.
pub const OPEN_INVITES_MAX: usize = 64;
/// Longest life of an invite, in milliseconds (30 days).
pub const INVITE_LIFE_MS_MAX: i64 = 30 * 24 * 60 * 60 * 1000;

/// Documents and packs named in one notice of an erasing, or to a server at a time.
pub const ERASED_TAGS_MAX: usize = 1024;
/// Longest number of an erased chart, in bytes.
pub const ERASED_NUMBER_BYTES_MAX: usize = 128;
/// Longest ground of an erasing, in bytes.
pub const ERASED_GROUND_BYTES_MAX: usize = 1024;

/// How often the blob of an invite may be fetched: once is enough, replies get lost.
pub const INVITE_FETCHES_MAX: u32 = 8;
/// Longest sealed invite blob, in bytes.
pub const INVITE_BLOB_BYTES_MAX: usize = 64 * 1024;
/// Invite blobs that wait at one time at a server for one clinic. One stays until it ends, also where
/// its device has joined, which may have to fetch it again: how many wait to be used, the membership
/// log says ([`OPEN_INVITES_MAX`]).
pub const INVITE_BLOBS_MAX: usize = 8 * OPEN_INVITES_MAX;
/// Bytes of all of them together.
pub const INVITE_BLOBS_BYTES_MAX: usize = 128 * INVITE_BLOB_BYTES_MAX;
/// Longest life of a room, in seconds (10 minutes).
pub const ROOM_LIFE_S_MAX: u32 = 10 * 60;
/// Rooms open at one time for one clinic.
pub const OPEN_ROOMS_MAX: usize = 8;
/// Messages in one room.
pub const ROOM_MESSAGES_MAX: usize = 8;
/// Longest message in a room, in bytes: the code of an invitation with its seal has under 1,000.
pub const ROOM_MESSAGE_BYTES_MAX: usize = 2048;
/// Life of a challenge, in milliseconds.
pub const CHALLENGE_LIFE_MS: i64 = 60 * 1000;
/// Life of a token, in milliseconds.
pub const TOKEN_LIFE_MS: i64 = 15 * 60 * 1000;

/// Difference of clocks above which it is shown, in milliseconds.
pub const CLOCK_SKEW_MS_MAX: i64 = 2 * 60 * 1000;
/// Times one session starts again from HELLO before it gives up.
pub const SESSION_RESTARTS_MAX: u32 = 3;
/// Pages of what was left for later that one session fetches: what is recorded meanwhile goes out
/// with the next.
pub const LEFT_PAGES_MAX: u32 = 8;
/// Envelopes the host is asked to seal or load at a time.
pub const PUSH_BATCH_ENVELOPES: usize = PUSH_ENVELOPES_MAX;
/// Bytes of the first message with envelopes of a session, and of the smallest: ten seconds of a
/// line of 64 kbit/s, and up to fourteen where its last batch is a full one.
pub const MESSAGE_BYTES_MIN: usize = 80 * 1024;
/// Bytes of the largest.
pub const MESSAGE_BYTES_MAX: usize = FRAME_BYTES_MAX - 1024;
/// Bytes of the messages that are pushed where answers are prompt.
pub const MESSAGE_BYTES_PROMPT: usize = 2 * MESSAGE_BYTES_MIN;
/// An answer that took no longer is prompt, in milliseconds.
pub const MESSAGE_PROMPT_MS: i64 = 100;
/// A message may always take so long, in milliseconds: one that took longer is followed by one of half
/// its bytes.
pub const MESSAGE_SLOW_MS: i64 = 8000;
/// A message may take so long where the line has held for twice that, in milliseconds.
pub const MESSAGE_SLOW_MS_MAX: i64 = 24_000;
