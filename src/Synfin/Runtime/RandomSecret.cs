using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Synfin.Stack;

namespace Synfin.Runtime;

/// <summary>Secrets of stacks that somebody may want to guess.</summary>
internal static class RandomSecret
{
    /// <summary>A new one.</summary>
    public static StackSecret Next()
    {
        Span<ulong> keys = stackalloc ulong[2];
        RandomNumberGenerator.Fill(MemoryMarshal.AsBytes(keys));
        return new(keys[0], keys[1]);
    }
}
