using System.Buffers.Binary;
using Synfin.Wire;

namespace Synfin.Dhcp;

/// <summary>
/// A view of a message (RFC 2131 2). It does not outlive the octets that it was read from. Whatever they are, reading ends and does not
/// throw.
/// </summary>
public readonly ref struct DhcpMessage
{
    /// <summary>The octets before the options: the fixed fields and the cookie.</summary>
    public const int FixedLength = 240;

    /// <summary>The longest value of an option that is read, all its parts together (RFC 3396); a longer one counts as absent.</summary>
    public const int MaxOptionLength = 1_024;

    internal const uint Cookie = 0x6382_5363;
    internal const int HardwareAddressOffset = 28;
    internal const int MaxHardwareLength = 16;
    private const int ServerNameOffset = 44;
    private const int FileOffset = 108;
    private const int CookieOffset = 236;
    private const byte FileHoldsOptions = 1;
    private const byte ServerNameHoldsOptions = 2;

    private readonly ReadOnlySpan<byte> _octets;
    private readonly byte _overload;

    private DhcpMessage(ReadOnlySpan<byte> octets, byte overload, DhcpMessageType type)
    {
        _octets = octets;
        _overload = overload;
        Type = type;
    }

    /// <summary>What it is.</summary>
    public DhcpMessageType Type { get; }

    /// <summary>Whether it is a server's: op is BOOTREPLY.</summary>
    public bool IsReply => _octets[0] == 2;

    /// <summary>htype: 1 is Ethernet.</summary>
    public byte HardwareType => _octets[1];

    /// <summary>chaddr, as long as hlen says.</summary>
    public ReadOnlySpan<byte> HardwareAddress => _octets.Slice(HardwareAddressOffset, _octets[2]);

    /// <summary>xid.</summary>
    public uint TransactionId => BinaryPrimitives.ReadUInt32BigEndian(_octets[4..]);

    /// <summary>secs: since when the client tries.</summary>
    public ushort Seconds => BinaryPrimitives.ReadUInt16BigEndian(_octets[8..]);

    /// <summary>The BROADCAST flag: the client cannot take unicast yet.</summary>
    public bool IsBroadcast => _octets[10] >> 7 == 1;

    /// <summary>ciaddr: the address that the client has.</summary>
    public InternetAddress ClientAddress => InternetAddress.FromBytes(_octets.Slice(12, 4));

    /// <summary>yiaddr: the address that the client gets.</summary>
    public InternetAddress YourAddress => InternetAddress.FromBytes(_octets.Slice(16, 4));

    /// <summary>Reads a message: all of its options are looked through.</summary>
    public static DhcpError TryParse(ReadOnlySpan<byte> octets, out DhcpMessage message)
    {
        message = default;
        if (octets.Length < FixedLength) return DhcpError.Truncated;
        if (octets[0] is not (1 or 2)) return DhcpError.BadOperation;
        if (octets[2] > MaxHardwareLength) return DhcpError.BadHardwareLength;
        if (BinaryPrimitives.ReadUInt32BigEndian(octets[CookieOffset..]) != Cookie) return DhcpError.BadCookie;
        byte overload = 0, type = 0;
        if (!Scan(octets[FixedLength..], ref overload, ref type)) return DhcpError.BadOption;
        // RFC 2131 4.1: the file field comes before the sname field; neither may say that it holds options.
        byte ignored = 0;
        if ((overload & FileHoldsOptions) != 0 && !Scan(FileOf(octets), ref ignored, ref type)) return DhcpError.BadOption;
        if ((overload & ServerNameHoldsOptions) != 0 && !Scan(ServerNameOf(octets), ref ignored, ref type)) return DhcpError.BadOption;
        if (type is 0 or > (byte)DhcpMessageType.Inform) return DhcpError.NoMessageType;
        message = new DhcpMessage(octets, overload, (DhcpMessageType)type);
        return DhcpError.None;
    }

    /// <summary>Gathers an option, whose parts may stand in several places (RFC 3396).</summary>
    /// <param name="option">Which.</param>
    /// <param name="buffer">At least <see cref="MaxOptionLength"/>.</param>
    /// <param name="value">The part of the buffer that was filled.</param>
    /// <returns>False if it is absent, or too long.</returns>
    public bool TryGetOption(DhcpOption option, Span<byte> buffer, out ReadOnlySpan<byte> value)
    {
        int length = 0;
        bool found = false;
        value = default;
        bool fits = Gather(_octets[FixedLength..], option, buffer, ref length, ref found)
            && ((_overload & FileHoldsOptions) == 0 || Gather(FileOf(_octets), option, buffer, ref length, ref found))
            && ((_overload & ServerNameHoldsOptions) == 0 || Gather(ServerNameOf(_octets), option, buffer, ref length, ref found));
        if (!fits || !found) return false;
        value = buffer[..length];
        return true;
    }

    /// <summary>Reads an option that is a number of seconds or the like.</summary>
    public bool TryGetUInt32(DhcpOption option, out uint number)
    {
        Span<byte> buffer = stackalloc byte[MaxOptionLength];
        number = 0;
        if (!TryGetOption(option, buffer, out ReadOnlySpan<byte> value) || value.Length != sizeof(uint)) return false;
        number = BinaryPrimitives.ReadUInt32BigEndian(value);
        return true;
    }

    /// <summary>Reads an option that is one address.</summary>
    public bool TryGetAddress(DhcpOption option, out InternetAddress address)
    {
        bool found = TryGetUInt32(option, out uint number);
        address = InternetAddress.FromIpv4(number);
        return found;
    }

    private static ReadOnlySpan<byte> FileOf(ReadOnlySpan<byte> octets) => octets[FileOffset..CookieOffset];

    private static ReadOnlySpan<byte> ServerNameOf(ReadOnlySpan<byte> octets) => octets[ServerNameOffset..FileOffset];

    /// <summary>Looks through one field: whether every option ends in it, and what says how the rest is to be read.</summary>
    private static bool Scan(ReadOnlySpan<byte> field, ref byte overload, ref byte type)
    {
        int at = 0;
        while (TryNext(field, ref at, out DhcpOption option, out ReadOnlySpan<byte> value))
        {
            if (option == DhcpOption.Overload)
            {
                if (value.Length != 1 || value[0] is 0 or > 3) return false;
                overload = value[0];
            }
            else if (option == DhcpOption.MessageType)
            {
                if (value.Length != 1) return false;
                type = value[0];
            }
        }
        return at == field.Length;
    }

    private static bool Gather(ReadOnlySpan<byte> field, DhcpOption option, Span<byte> buffer, ref int length, ref bool found)
    {
        int at = 0;
        while (TryNext(field, ref at, out DhcpOption next, out ReadOnlySpan<byte> value))
        {
            if (next != option) continue;
            if (length + value.Length > MaxOptionLength) return false;
            value.CopyTo(buffer[length..]);
            length += value.Length;
            found = true;
        }
        return true;
    }

    /// <summary>The next option; at the end of the list <paramref name="at"/> is the field's length, at an error it is not.</summary>
    private static bool TryNext(ReadOnlySpan<byte> field, ref int at, out DhcpOption option, out ReadOnlySpan<byte> value)
    {
        option = DhcpOption.End;
        value = default;
        while (at < field.Length && field[at] == (byte)DhcpOption.Pad) at++;
        if (at == field.Length) return false; // some servers leave the end out
        option = (DhcpOption)field[at];
        if (option == DhcpOption.End)
        {
            at = field.Length;
            return false;
        }
        if (at + 1 >= field.Length || at + 2 + field[at + 1] > field.Length) return false;
        value = field.Slice(at + 2, field[at + 1]);
        at += 2 + value.Length;
        return true;
    }
}
