// Texts of this area, one file per namespace.
export default {} as const;
