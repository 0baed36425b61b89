<?php

const TOLERANCE_SECONDS = 5 * 60;

/**
 * Returns the event of a webhook, or throws. $headers has lower-case names (array_change_key_case(getallheaders())), $body is the raw text
 * as it arrived (file_get_contents('php://input')), $secret begins with whsec_. Then use each event id once: the same event may arrive
 * twice, and whoever overheard it may send it again within the five minutes.
 */
function verifyWebhook(array $headers, string $body, string $secret, ?int $now = null): array
{
    $id = $headers['webhook-id'] ?? '';
    $timestamp = $headers['webhook-timestamp'] ?? '';
    $signatures = $headers['webhook-signature'] ?? '';
    if ($id === '' || !preg_match('/^[0-9]{1,12}$/D', $timestamp) || $signatures === '') {
        throw new RuntimeException('not a signed webhook');
    }
    if (abs(($now ?? time()) - (int) $timestamp) > TOLERANCE_SECONDS) {
        throw new RuntimeException('too old, or from the future');
    }

    $key = base64_decode(preg_replace('/^whsec_/', '', $secret));
    $expected = 'v1,' . base64_encode(hash_hmac('sha256', "$id.$timestamp.$body", $key, true));
    // While a secret is rotated there are several signatures; one that fits is enough.
    $isOurs = false;
    foreach (explode(' ', $signatures) as $given) {
        $isOurs = hash_equals($expected, $given) || $isOurs;
    }
    if (!$isOurs) {
        throw new RuntimeException('the signature does not fit');
    }
    return json_decode($body, true, 512, JSON_THROW_ON_ERROR);
}
