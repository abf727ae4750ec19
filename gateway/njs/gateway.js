// The handlers that nginx calls: thin, the rules are in verify_jwt.js.
import hash from 'crypto';
import jwt from 'verify_jwt.js';

const VERDICT_SECONDS = 5;
const CONDITIONS = ['if-match', 'if-none-match', 'idempotency-key'];
const BLANK = /^[\s,]*$/;
const BEARER = /^Bearer +([A-Za-z0-9._-]+)$/i;

// nginx 1.22 shows only the first of two Authorization headers and would pass both on.
function bearer(r) {
    const sent = r.rawHeadersIn.filter((pair) => pair[0].toLowerCase() === 'authorization');
    const match = sent.length === 1 && BEARER.exec(sent[0][1]);
    return match ? match[1] : '';
}

// The cache key of a verdict: the token itself must never reach the disk.
function token_key(r) {
    const token = bearer(r);
    return token && hash.createHash('sha256').update(token).digest('hex');
}

// A condition that was sent without a value, or with commas between nothing; nginx's own variables are empty for one that
// was not sent, too.
function sent_blank(r) {
    const blank = r.rawHeadersIn.some((pair) => CONDITIONS.includes(pair[0].toLowerCase()) && BLANK.test(pair[1]));
    return blank ? '1' : '';
}

async function keys(r, location) {
    const reply = await r.subrequest(location);
    try {
        return JSON.parse(reply.status === 200 ? reply.responseText : '').keys.slice();
    } catch (error) {
        throw new Error('no keys');
    }
}

async function verified(r, token, location) {
    const expected = { issuer: r.variables.jwt_issuer, audience: r.variables.jwt_audience };
    const known = await keys(r, location);
    const claims = await jwt.verify(token, known, expected, Date.now() / 1000);
    return claims;
}

// A kid that the cached keys lack may be a rotation: look once more, in an answer that is at most a second old.
async function verified_after_rotation(r, token) {
    try {
        const claims = await verified(r, token, '/keys');
        return claims;
    } catch (error) {
        if (error.message !== 'unknown kid') {
            throw error;
        }
    }
    const claims = await verified(r, token, '/keys/fresh');
    return claims;
}

function accept(r, claims) {
    // One second less than is left: nginx keeps an answer through the whole of its last second.
    const left = Math.floor(claims.exp - Date.now() / 1000) - 1;
    r.headersOut['X-Accel-Expires'] = Math.max(0, Math.min(VERDICT_SECONDS, left)).toString();
    r.headersOut['X-Token-User'] = claims.sub;
    r.return(204);
}

// auth_request knows 2xx, 401 and 403 only: 403 stands for "cannot tell now", which the caller sees as 503.
function refuse(r, reason) {
    const cannot_tell = reason === 'no keys';
    r.headersOut['X-Accel-Expires'] = cannot_tell ? '0' : '1';
    r.return(cannot_tell ? 403 : 401);
}

async function check(r) {
    const token = bearer(r);
    if (!token) {
        refuse(r, 'malformed');
        return;
    }
    try {
        const claims = await verified_after_rotation(r, token);
        accept(r, claims);
    } catch (error) {
        r.log('token refused: ' + error.message);
        refuse(r, error.message);
    }
}

// DEL, C1 controls, ends of lines and turns of direction: the log's own escaping knows the first 32 characters alone.
const CONTROLS = /[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

// Variables are bytes to an older njs, which a pattern of characters does not fit.
function escaped(bytes) {
    return Buffer.from(bytes).toString().replace(CONTROLS, (char) => '\\u' + char.charCodeAt(0).toString(16).padStart(4, '0'));
}

function escaped_path(r) {
    return escaped(r.variables.asked_path);
}

function escaped_agent(r) {
    return escaped(r.variables.http_user_agent);
}

export default { check, sent_blank, token_key, escaped_path, escaped_agent };
