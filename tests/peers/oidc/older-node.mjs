// What oidc-provider uses and Node.js 18, which Debian 12 has, lacks: imported before it.
import { webcrypto } from 'node:crypto';

globalThis.crypto ??= webcrypto;
URL.parse ??= (text, base) => {
  try {
    return new URL(text, base);
  } catch {
    return null;
  }
};
