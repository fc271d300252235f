using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Synfin.Simulation;

/// <summary>
/// A 64-bit fingerprint of everything that happened, in order. Two runs with equal fingerprints went the same way; the first thing to
/// compare when a run should repeat and does not. Not a cryptographic hash.
/// </summary>
public sealed class TraceHash
{
    private const ulong Multiplier = 0x9FB21C651E98DF25;

    private ulong _state = 0xCBF29CE484222325;

    /// <summary>How many words went in.</summary>
    public long Words { get; private set; }

    /// <summary>The fingerprint of all that went in so far.</summary>
    public ulong Value
    {
        get
        {
            ulong z = _state ^ (ulong)Words;
            z = (z ^ (z >> 32)) * 0xD6E8FEB86659FD93;
            z = (z ^ (z >> 32)) * 0xD6E8FEB86659FD93;
            return z ^ (z >> 32);
        }
    }

    /// <summary>Adds a word.</summary>
    public void Add(ulong word)
    {
        _state = (BitOperations.RotateLeft(_state, 27) ^ word) * Multiplier;
        Words++;
    }

    /// <summary>Adds a number.</summary>
    public void Add(long number) => Add((ulong)number);

    /// <summary>Adds a text.</summary>
    public void Add(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        Add(MemoryMarshal.AsBytes(text.AsSpan()));
    }

    /// <summary>Adds octets and their number, so that two spans never look like one.</summary>
    public void Add(ReadOnlySpan<byte> octets)
    {
        Add((ulong)octets.Length);
        while (octets.Length >= sizeof(ulong))
        {
            Add(BinaryPrimitives.ReadUInt64LittleEndian(octets));
            octets = octets[sizeof(ulong)..];
        }
        if (octets.IsEmpty) return;
        Span<byte> last = stackalloc byte[sizeof(ulong)];
        last.Clear();
        octets.CopyTo(last);
        Add(BinaryPrimitives.ReadUInt64LittleEndian(last));
    }

    /// <inheritdoc/>
    public override string ToString() => Value.ToString("x16", System.Globalization.CultureInfo.InvariantCulture);
}
