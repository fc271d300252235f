using System.Buffers.Binary;
using Synfin.Wire;

namespace Synfin.Dhcp;

/// <summary>Writes a client's message (RFC 2131 2).</summary>
internal ref struct DhcpMessageWriter
{
    /// <summary>Relays and servers of old want as many octets as BOOTP had (RFC 1542 2.1).</summary>
    public const int MinimumLength = 300;

    private const ushort BroadcastFlag = 0x8000;

    private readonly Span<byte> _destination;
    private int _length;

    /// <summary>Writes the fixed fields.</summary>
    public DhcpMessageWriter(
        Span<byte> destination,
        DhcpClientOptions options,
        uint transactionId,
        ushort seconds,
        bool broadcast,
        InternetAddress clientAddress)
    {
        _destination = destination;
        _destination.Clear();
        _length = DhcpMessage.FixedLength;
        ReadOnlySpan<byte> hardware = options.HardwareAddress.Span;
        destination[0] = 1;
        destination[1] = options.HardwareType;
        destination[2] = (byte)hardware.Length;
        BinaryPrimitives.WriteUInt32BigEndian(destination[4..], transactionId);
        BinaryPrimitives.WriteUInt16BigEndian(destination[8..], seconds);
        BinaryPrimitives.WriteUInt16BigEndian(destination[10..], broadcast ? BroadcastFlag : (ushort)0);
        BinaryPrimitives.WriteUInt32BigEndian(destination[12..], clientAddress.Ipv4);
        hardware.CopyTo(destination[DhcpMessage.HardwareAddressOffset..]);
        BinaryPrimitives.WriteUInt32BigEndian(destination[(DhcpMessage.FixedLength - 4)..], DhcpMessage.Cookie);
    }

    /// <summary>Adds an option.</summary>
    public void Add(DhcpOption option, scoped ReadOnlySpan<byte> value)
    {
        _destination[_length] = (byte)option;
        _destination[_length + 1] = (byte)value.Length;
        value.CopyTo(_destination[(_length + 2)..]);
        _length += 2 + value.Length;
    }

    /// <summary>Adds an option of one octet.</summary>
    public void Add(DhcpOption option, byte value) => Add(option, [value]);

    /// <summary>Adds an option that is a number of 16 bits.</summary>
    public void Add(DhcpOption option, ushort value) => Add(option, [(byte)(value >> 8), (byte)value]);

    /// <summary>Adds an option that is an IPv4 address.</summary>
    public void Add(DhcpOption option, InternetAddress address)
    {
        Span<byte> value = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(value, address.Ipv4);
        Add(option, value);
    }

    /// <summary>Ends the message; returns its length.</summary>
    public int Finish()
    {
        _destination[_length++] = (byte)DhcpOption.End;
        return Math.Max(_length, MinimumLength);
    }
}
