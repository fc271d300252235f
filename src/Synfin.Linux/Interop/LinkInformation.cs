using System.Runtime.InteropServices;
using System.Text;

namespace Synfin.Linux.Interop;

/// <summary>What the kernel tells about an interface (RTM_NEWLINK).</summary>
internal sealed class LinkInformation
{
    private const int InterfaceUp = 0x1;
    private const int BodySize = 16;

    private const int MtuAttribute = 4;
    private const int InformationAttribute = 18;
    private const int KindAttribute = 1;
    private const int DataAttribute = 2;

    private const int TunOwner = 1;
    private const int TunType = 3;
    private const int TunPacketInformation = 4;
    private const int TunMultiQueue = 7;

    /// <summary>The interface's number, from 1.</summary>
    public int Index { get; private init; }

    /// <summary>Whether it is up.</summary>
    public bool IsUp { get; private init; }

    /// <summary>The largest packet, in octets.</summary>
    public int Mtu { get; private set; }

    /// <summary>The driver's name: "tun" for TUN and TAP; empty for many others.</summary>
    public string Kind { get; private set; } = "";

    /// <summary>Whether a device of the driver "tun" is a TAP device.</summary>
    public bool IsTap { get; private set; }

    /// <summary>Whether a device of the driver "tun" was made for several queues.</summary>
    public bool IsMultiQueue { get; private set; }

    /// <summary>Whether four octets more go before each packet of a device of the driver "tun".</summary>
    public bool HasPacketInformation { get; private set; }

    /// <summary>The user who may use a device of the driver "tun", or null for those with the right only.</summary>
    public uint? Owner { get; private set; }

    /// <summary>Reads the message's body and attributes.</summary>
    public static LinkInformation? Read(ReadOnlySpan<byte> message)
    {
        if (message.Length < BodySize) return null;
        int flags = MemoryMarshal.Read<int>(message[8..]);
        var link = new LinkInformation { Index = MemoryMarshal.Read<int>(message[4..]), IsUp = (flags & InterfaceUp) != 0 };
        ReadOnlySpan<byte> attributes = message[BodySize..];
        while (NetlinkMessage.TryTake(ref attributes, out int type, out ReadOnlySpan<byte> value))
        {
            if (type == MtuAttribute) link.Mtu = MemoryMarshal.Read<int>(value);
            else if (type == InformationAttribute) link.ReadKind(value);
        }
        return link;
    }

    private void ReadKind(ReadOnlySpan<byte> attributes)
    {
        ReadOnlySpan<byte> data = default;
        while (NetlinkMessage.TryTake(ref attributes, out int type, out ReadOnlySpan<byte> value))
        {
            if (type == KindAttribute) Kind = Encoding.ASCII.GetString(value.TrimEnd((byte)0));
            else if (type == DataAttribute) data = value;
        }
        if (Kind != "tun") return;
        while (NetlinkMessage.TryTake(ref data, out int type, out ReadOnlySpan<byte> value))
        {
            if (type == TunType) IsTap = value[0] == TunDriver.Tap;
            else if (type == TunMultiQueue) IsMultiQueue = value[0] != 0;
            else if (type == TunPacketInformation) HasPacketInformation = value[0] != 0;
            else if (type == TunOwner) Owner = MemoryMarshal.Read<uint>(value);
        }
    }
}
