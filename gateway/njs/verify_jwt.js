// Access tokens (RFC 9068, ES256) without any nginx object, so the same file runs in njs and in Node.
// Written in the subset that njs 0.7.9 reads: no destructuring, no optional chaining, no await inside arguments.

const MAX_TOKEN_BYTES = 4096;
const SKEW_SECONDS = 5;
// SubjectPublicKeyInfo of an uncompressed P-256 point: njs 0.7.9 cannot import a JWK.
const P256_PREFIX = '3059301306072a8648ce3d020106082a8648ce3d030107034200' + '04';
// A token that names its own key (CVE-2018-0114) or demands an extension is not one of ours.
const FORBIDDEN_HEADERS = ['crit', 'jku', 'jwk', 'x5u', 'x5c', 'x5t', 'x5t#S256', 'b64'];

function demand(condition, reason) {
    if (!condition) {
        throw new Error(reason);
    }
}

// Buffer skips characters that it does not know: comparing with the re-encoded text refuses a second spelling.
function bytes(text) {
    const raw = Buffer.from(text, 'base64url');
    demand(text.length > 0 && raw.toString('base64url') === text, 'malformed');
    return raw;
}

function object(text) {
    let value;
    try {
        value = JSON.parse(bytes(text).toString());
    } catch (error) {
        throw new Error('malformed');
    }
    demand(value !== null && typeof value === 'object' && !Array.isArray(value), 'malformed');
    return value;
}

function pick(keys, kid) {
    demand(typeof kid === 'string' && kid.length > 0, 'no kid');
    const found = keys.filter((key) => key.kid === kid);
    demand(found.length === 1, 'unknown kid');
    const key = found[0];
    demand(key.kty === 'EC' && key.crv === 'P-256', 'wrong key type');
    demand((key.use || 'sig') === 'sig' && (key.alg || 'ES256') === 'ES256', 'wrong key use');
    return key;
}

function spki(key) {
    const x = bytes(key.x);
    const y = bytes(key.y);
    demand(x.length === 32 && y.length === 32, 'wrong key size');
    return Buffer.concat([Buffer.from(P256_PREFIX, 'hex'), x, y]);
}

function check_header(header) {
    demand(header.alg === 'ES256', 'wrong algorithm');
    demand(header.typ === 'at+jwt', 'wrong type');
    FORBIDDEN_HEADERS.forEach((name) => demand(header[name] === undefined, 'forbidden header'));
}

function check_claims(claims, expected, now) {
    const audiences = Array.isArray(claims.aud) ? claims.aud : [claims.aud];
    demand(claims.iss === expected.issuer, 'wrong issuer');
    demand(audiences.indexOf(expected.audience) >= 0, 'wrong audience');
    demand(typeof claims.sub === 'string' && /^[A-Za-z0-9._:@-]{1,64}$/.test(claims.sub), 'no subject');
    demand(Number.isFinite(claims.exp) && now < claims.exp, 'expired');
    demand(Number.isFinite(claims.iat) && claims.iat <= now + SKEW_SECONDS, 'issued in the future');
    demand(claims.nbf === undefined || Number.isFinite(claims.nbf), 'malformed');
    demand(claims.nbf === undefined || claims.nbf <= now + SKEW_SECONDS, 'not valid yet');
}

/**
 * The claims of a good token; throws an Error whose message is the reason otherwise.
 *
 * @param {string} token compact serialization (RFC 7515), at most 4,096 bytes
 * @param {object[]} keys public keys as in a JWK set (RFC 7517)
 * @param {{issuer: string, audience: string}} expected
 * @param {number} now seconds since 1970; nothing is added to exp, 5 s to iat and nbf
 */
async function verify(token, keys, expected, now) {
    demand(token.length <= MAX_TOKEN_BYTES, 'too long');
    const parts = token.split('.');
    demand(parts.length === 3, 'malformed');
    const header = object(parts[0]);
    check_header(header);
    const signature = bytes(parts[2]);
    demand(signature.length === 64, 'bad signature');
    const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
    const key = await crypto.subtle.importKey('spki', spki(pick(keys, header.kid)), algorithm, false, ['verify']);
    const signed = Buffer.from(parts[0] + '.' + parts[1]);
    const good = await crypto.subtle.verify(algorithm, key, signature, signed);
    demand(good, 'bad signature');
    const claims = object(parts[1]);
    check_claims(claims, expected, now);
    return claims;
}

export default { verify };
