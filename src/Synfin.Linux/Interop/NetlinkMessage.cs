using System.Runtime.InteropServices;

namespace Synfin.Linux.Interop;

/// <summary>One message of netlink(7): a header, a body and attributes, each aligned to 4 octets, in the machine's byte order.</summary>
internal ref struct NetlinkMessage
{
    public const int HeaderSize = 16;
    public const int AttributeHeaderSize = 4;

    private const ushort IsRequest = 0x1;

    private readonly Span<byte> _octets;

    /// <summary>Begins a request in <paramref name="octets"/>, of which it must take no more than there are.</summary>
    /// <param name="octets">Room for the message.</param>
    /// <param name="type">What is asked for.</param>
    /// <param name="flags">How.</param>
    /// <param name="bodySize">The octets of the body, which are zero at first.</param>
    public NetlinkMessage(Span<byte> octets, ushort type, ushort flags, int bodySize)
    {
        octets.Clear();
        _octets = octets;
        Length = HeaderSize + bodySize;
        Body = octets.Slice(HeaderSize, bodySize);
        MemoryMarshal.Write(octets[4..], type);
        MemoryMarshal.Write(octets[6..], (ushort)(flags | IsRequest));
    }

    /// <summary>What the type prescribes.</summary>
    public Span<byte> Body { get; }

    /// <summary>The octets of the message.</summary>
    public int Length { get; private set; }

    /// <summary>Adds an attribute.</summary>
    public void Add(ushort type, scoped ReadOnlySpan<byte> value)
    {
        Span<byte> attribute = _octets[Length..];
        MemoryMarshal.Write(attribute, (ushort)(AttributeHeaderSize + value.Length));
        MemoryMarshal.Write(attribute[2..], type);
        value.CopyTo(attribute[AttributeHeaderSize..]);
        Length += Align(AttributeHeaderSize + value.Length);
    }

    /// <summary>Adds an attribute that is a number.</summary>
    public void Add(ushort type, int value) => Add(type, MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in value)));

    /// <summary>The finished message.</summary>
    public readonly Span<byte> Finish(int number)
    {
        MemoryMarshal.Write(_octets, Length);
        MemoryMarshal.Write(_octets[8..], number);
        return _octets[..Length];
    }

    /// <summary>Takes the next of a run of attributes off its start; false at the end, and where the run is broken.</summary>
    public static bool TryTake(scoped ref ReadOnlySpan<byte> attributes, out int type, out ReadOnlySpan<byte> value)
    {
        const int TypeMask = 0x3FFF;
        type = 0;
        value = default;
        if (attributes.Length < AttributeHeaderSize) return false;
        int length = MemoryMarshal.Read<ushort>(attributes);
        if (length < AttributeHeaderSize || length > attributes.Length) return false;
        type = MemoryMarshal.Read<ushort>(attributes[2..]) & TypeMask;
        value = attributes[AttributeHeaderSize..length];
        attributes = attributes[Math.Min(Align(length), attributes.Length)..];
        return true;
    }

    /// <summary>The next multiple of 4.</summary>
    public static int Align(int length) => (length + 3) & ~3;
}
