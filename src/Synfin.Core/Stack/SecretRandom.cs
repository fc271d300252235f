using Synfin.Timers;

namespace Synfin.Stack;

/// <summary>
/// Numbers that nobody can guess who has not the secret, however many of them he has seen: SipHash-2-4 of a counter. Transaction ids and
/// the like are drawn from it (RFC 5452 9.2), and a seed that gives the secret gives the same numbers again.
/// </summary>
/// <param name="secret">The key; see <see cref="NetworkStack.DeriveSecret"/>.</param>
public sealed class SecretRandom(StackSecret secret)
{
    private readonly StackSecret _secret = secret;
    private ulong _count;

    /// <summary>The next 64 bits.</summary>
    public ulong NextUInt64() => SipHash.Hash24(in _secret, (ulong)HashDomain.RandomNumbers, _count++);

    /// <summary>The next 32 bits.</summary>
    public uint NextUInt32() => (uint)(NextUInt64() >> 32);

    /// <summary>The next 16 bits.</summary>
    public ushort NextUInt16() => (ushort)(NextUInt64() >> 48);

    /// <summary>A length of time from zero up to, and without, <paramref name="end"/>; zero if that is not positive.</summary>
    public Duration Below(Duration end) =>
        end <= Duration.Zero ? Duration.Zero : new((long)Math.BigMul(NextUInt64(), (ulong)end.Nanoseconds, out _));
}
