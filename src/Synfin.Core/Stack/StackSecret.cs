namespace Synfin.Stack;

/// <summary>
/// The only source of chance in the engine: 128 bits that nobody outside may know (RFC 6528, RFC 6056, RFC 4987). A runtime takes them
/// from a cryptographic generator at each start, a simulation from its seed.
/// </summary>
/// <param name="Key0">The first 64 bits.</param>
/// <param name="Key1">The last 64 bits.</param>
public readonly record struct StackSecret(ulong Key0, ulong Key1);
