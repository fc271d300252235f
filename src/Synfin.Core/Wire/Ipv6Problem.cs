using System.Buffers.Binary;

namespace Synfin.Wire;

/// <summary>What is to be said to the sender of an IPv6 packet whose headers were not understood (RFC 4443 3.4, RFC 8200 4).</summary>
internal readonly struct Ipv6Problem
{
    /// <summary>A field that makes no sense.</summary>
    public const byte ErroneousField = 0;

    /// <summary>A next header that is not known, or not here.</summary>
    public const byte UnknownNextHeader = 1;

    /// <summary>An option that is not known, and whose type asks for an answer.</summary>
    public const byte UnknownOption = 2;

    /// <summary>The first fragment does not hold all headers (RFC 7112).</summary>
    public const byte IncompleteChain = 3;

    private const byte HopByHopOptions = 0;
    private const byte Routing = 43;
    private const byte Fragment = 44;
    private const byte Authentication = 51;
    private const byte DestinationOptions = 60;

    /// <summary>Of the parameter problem.</summary>
    public byte Code { get; private init; }

    /// <summary>Where in the packet the problem is.</summary>
    public int Pointer { get; private init; }

    /// <summary>Whether it is said also about packets to many (an option of type 10......).</summary>
    public bool EvenToMany { get; private init; }

    /// <summary>
    /// Walks the extension headers up to the first problem, or to the upper layer, if that is the one that is not known.
    /// </summary>
    /// <param name="packet">The packet, in which all of the IPv6 header is there.</param>
    /// <param name="problem">What to say.</param>
    /// <returns>False if there is nothing to say: the packet is truncated, or an option asks for silence.</returns>
    public static bool TryFind(ReadOnlySpan<byte> packet, out Ipv6Problem problem)
    {
        problem = default;
        int nextField = 6, at = IpHeader.Ipv6Length;
        for (int count = 0; count <= IpHeader.MaxExtensionHeaders; count++)
        {
            byte header = packet[nextField];
            bool known = header is Routing or Fragment or Authentication or DestinationOptions || (header == HopByHopOptions && count == 0);
            if (!known)
            {
                problem = new() { Code = UnknownNextHeader, Pointer = nextField };
                return true;
            }
            if (packet.Length - at < 8) return false;
            int length = header switch
            {
                Fragment => 8,
                Authentication => (packet[at + 1] + 2) * 4,
                _ => (packet[at + 1] + 1) * 8,
            };
            if (packet.Length - at < length) return false;
            switch (header)
            {
                case Routing when packet[at + 2] == 0 || packet[at + 3] != 0:
                    problem = new() { Code = ErroneousField, Pointer = at + 2 };
                    return packet[at + 3] != 0; // with no segments left it is only not taken
                case Fragment:
                    return FindInFragment(packet, at, out problem);
                case HopByHopOptions or DestinationOptions when FindInOptions(packet, at + 2, at + length, out problem, out bool silent):
                    return !silent;
                default:
                    break;
            }
            nextField = at;
            at += length;
        }
        return false;
    }

    /// <summary>The first fragment of a datagram in which headers are missing.</summary>
    public static Ipv6Problem Incomplete() => new() { Code = IncompleteChain };

    /// <summary>
    /// RFC 8200 4.5: a length that is no multiple of 8, or an end beyond the largest packet. Of an atomic one: what follows.
    /// </summary>
    private static bool FindInFragment(ReadOnlySpan<byte> packet, int at, out Ipv6Problem problem)
    {
        int field = BinaryPrimitives.ReadUInt16BigEndian(packet[(at + 2)..]);
        int end = IpHeader.Ipv6Length + BinaryPrimitives.ReadUInt16BigEndian(packet[4..]);
        bool uneven = (field & 1) != 0 && (end - at) % 8 != 0;
        problem = new() { Code = ErroneousField, Pointer = uneven ? 4 : at + 2 };
        if (uneven || (field & 0xFFF8) + (end - at - 8) > ushort.MaxValue) return true;
        problem = new() { Code = UnknownNextHeader, Pointer = at };
        return (field & 0xFFF9) == 0;
    }

    /// <returns>Whether an option stops the packet.</returns>
    private static bool FindInOptions(ReadOnlySpan<byte> packet, int at, int end, out Ipv6Problem problem, out bool silent)
    {
        const byte Pad1 = 0;
        problem = default;
        silent = true;
        while (at < end)
        {
            int action = packet[at] >> 6;
            if (packet[at] == Pad1)
            {
                at++;
                continue;
            }
            if (action != 0)
            {
                problem = new() { Code = UnknownOption, Pointer = at, EvenToMany = action == 2 };
                silent = action == 1;
                return true;
            }
            if (at + 1 == end) return true;
            at += 2 + packet[at + 1];
        }
        return at > end;
    }
}
