// Ids of definitions that are made here: unique without asking the server.

const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';

/** The id prefix of each kind of definition. */
export type IdPrefix =
  | 'ent_'
  | 'fld_'
  | 'frm_'
  | 'vew_'
  | 'dsh_'
  | 'wid_'
  | 'flt_'
  | 'rul_'
  | 'rol_'
  | 'mnu_'
  | 'chk_'
  | 'dsp_'
  | 'inp_'
  | 'stp_';

/** A new definition id: a prefix and ten random base32 characters. */
export function newId(prefix: IdPrefix): string {
  const bytes = crypto.getRandomValues(new Uint8Array(10));
  let id: string = prefix;
  for (const byte of bytes) id += alphabet[byte % 32];
  return id;
}
