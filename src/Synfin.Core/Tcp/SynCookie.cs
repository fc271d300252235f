using Synfin.Stack;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Tcp;

/// <summary>
/// SYN cookies (RFC 4987 3.6): the ISS of a SYN,ACK that says all we need to know when the ACK comes, so that we need not remember the SYN.
/// The low 3 bits are the index of an MSS under a keyed mask, the upper 29 a keyed code over the connection's name, the peer's ISS, the MSS
/// and the time in units of 64 s. A guess hits with a chance of 2^-28. Window scale, SACK and ECN travel in the low bits of TSval, as in
/// Linux.
/// </summary>
/// <param name="secret">The key.</param>
internal sealed class SynCookie(StackSecret secret)
{
    /// <summary>The unit of a cookie's time: it lives for the rest of the unit that it was made in, and for one more.</summary>
    public static Duration Period => Duration.FromSeconds(64);

    private const int MssBits = 3;
    private const uint MssMask = (1u << MssBits) - 1;
    private const int OptionBits = 6;
    private const uint OptionMask = (1u << OptionBits) - 1;
    private const uint WindowScaleMask = 15;
    private const uint NoWindowScale = 15;
    private const byte LargestWindowScale = 14;
    private const uint SackBit = 16;
    private const uint EcnBit = 32;

    private readonly StackSecret _secret = secret;
    private long _lastPeriod = long.MinValue;

    // The smallest one is the least MSS that we ever send with (CVE-2019-11479): a larger one would not fit a peer below it. Then come
    // RFC 1122's default, IPv6's least MTU, tunnels, IPv6 and IPv4 over Ethernet, and jumbo frames.
    private static readonly ushort[] MssTable = [48, 536, 1200, 1360, 1400, 1440, 1460, 8960];

    /// <summary>Whether a cookie that is still good may be out there: the others need not even be looked at.</summary>
    public bool WasSentRecently(Timestamp now) => _lastPeriod >= PeriodOf(now) - 1;

    /// <summary>Makes the ISS that answers a SYN.</summary>
    /// <param name="tuple">The connection's name.</param>
    /// <param name="irs">SEG.SEQ of the SYN.</param>
    /// <param name="mss">The send MSS that the SYN allows; the cookie keeps the largest of eight that is not larger.</param>
    /// <param name="now">The time.</param>
    public SequenceNumber Create(in FourTuple tuple, SequenceNumber irs, int mss, Timestamp now)
    {
        uint index = (uint)MssTable.Length - 1;
        while (index > 0 && MssTable[(int)index] > mss) index--;

        _lastPeriod = PeriodOf(now);
        return new SequenceNumber(Code(in tuple, irs, index, _lastPeriod) | (index ^ Mask(in tuple, irs)));
    }

    /// <summary>Opens a cookie that came back. It is only ever good if one was sent recently.</summary>
    /// <param name="tuple">The connection's name.</param>
    /// <param name="irs">SEG.SEQ - 1 of the ACK.</param>
    /// <param name="cookie">SEG.ACK - 1 of the ACK.</param>
    /// <param name="now">The time.</param>
    /// <param name="mss">The send MSS.</param>
    /// <returns>Whether we made it for this connection, not longer than 128 s ago.</returns>
    public bool TryOpen(in FourTuple tuple, SequenceNumber irs, SequenceNumber cookie, Timestamp now, out int mss)
    {
        mss = 0;
        if (!WasSentRecently(now)) return false;

        uint index = (cookie.Value ^ Mask(in tuple, irs)) & MssMask;
        uint code = cookie.Value & ~MssMask;
        long period = PeriodOf(now);
        if (code != Code(in tuple, irs, index, period) && code != Code(in tuple, irs, index, period - 1)) return false;

        mss = MssTable[(int)index];
        return true;
    }

    /// <summary>
    /// Hides the SYN's options in the low six bits of our TSval. The result is at most 63 ticks before <paramref name="tsNow"/> and never
    /// after it: a TSval from the future would make the peer drop what follows (RFC 7323 5).
    /// </summary>
    public static uint EncodeTimestamp(uint tsNow, in TcpOptions peer, bool ecn = false)
    {
        uint options = peer.Has(TcpOptionKinds.WindowScale) ? Math.Min(peer.WindowScale, LargestWindowScale) : NoWindowScale;
        if (peer.Has(TcpOptionKinds.SackPermitted)) options |= SackBit;
        if (ecn) options |= EcnBit;

        uint low = tsNow & OptionMask;
        uint value = tsNow - low + options;
        return options <= low ? value : unchecked(value - (OptionMask + 1));
    }

    /// <summary>Restores from the TSecr that came back which window scale and SACK options the SYN had.</summary>
    /// <returns>Whether ECN was agreed to.</returns>
    public static bool DecodeTimestamp(uint tsEcho, ref TcpOptions peer)
    {
        peer.Present &= ~(TcpOptionKinds.WindowScale | TcpOptionKinds.SackPermitted);
        uint scale = tsEcho & WindowScaleMask;
        if (scale != NoWindowScale) peer.SetWindowScale((int)scale);
        if ((tsEcho & SackBit) != 0) peer.Present |= TcpOptionKinds.SackPermitted;
        return (tsEcho & EcnBit) != 0;
    }

    private static long PeriodOf(Timestamp now) => now.Nanoseconds / Period.Nanoseconds;

    private uint Code(in FourTuple tuple, SequenceNumber irs, uint mssIndex, long period)
    {
        ulong name = SipHash.HashTuple(in _secret, in tuple, HashDomain.Cookie);
        ulong rest = (ulong)irs.Value << 32 | mssIndex << 16 | (uint)HashDomain.Cookie;
        return (uint)SipHash.Hash24(in _secret, name, rest, (ulong)period) & ~MssMask;
    }

    private uint Mask(in FourTuple tuple, SequenceNumber irs) =>
        (uint)(SipHash.HashTuple(in _secret, in tuple, HashDomain.CookieMask) + irs.Value) & MssMask;
}
