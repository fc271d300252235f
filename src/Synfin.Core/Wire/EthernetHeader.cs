using System.Buffers.Binary;

namespace Synfin.Wire;

/// <summary>The header of an Ethernet frame (RFC 894, RFC 2464 3), without VLAN tag.</summary>
/// <param name="Destination">The receiver, or a group.</param>
/// <param name="Source">The sender.</param>
/// <param name="Type">What is inside; see <see cref="Synfin.Wire.EtherType"/>. Below 1,536 it is a length (IEEE 802.3).</param>
public readonly record struct EthernetHeader(MacAddress Destination, MacAddress Source, ushort Type)
{
    /// <summary>The octets of the header.</summary>
    public const int Length = 14;

    /// <summary>Reads the header of a frame.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="header">Only to be used if the return value is <see cref="WireError.None"/>.</param>
    public static WireError TryParse(ReadOnlySpan<byte> frame, out EthernetHeader header)
    {
        header = default;
        if (frame.Length < Length) return WireError.TruncatedEthernetHeader;
        header = new(
            MacAddress.FromBytes(frame),
            MacAddress.FromBytes(frame[MacAddress.Length..]),
            BinaryPrimitives.ReadUInt16BigEndian(frame[12..]));
        return WireError.None;
    }

    /// <summary>Writes the header.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="frame"/> is too short.</exception>
    public void WriteTo(Span<byte> frame)
    {
        Destination.WriteTo(frame);
        Source.WriteTo(frame[MacAddress.Length..]);
        BinaryPrimitives.WriteUInt16BigEndian(frame[12..], Type);
    }
}
