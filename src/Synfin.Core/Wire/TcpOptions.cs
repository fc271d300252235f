using System.Runtime.CompilerServices;

namespace Synfin.Wire;

/// <summary>The options of one segment as values, without allocation. <see cref="TcpOptionParser"/> fills it in one pass.</summary>
public struct TcpOptions
{
    /// <summary>The most SACK blocks that fit 40 octets of options (RFC 2018 3).</summary>
    public const int MaxSackBlocks = 4;

    /// <summary>The timestamps option with its two NOPs, in octets.</summary>
    public const int TimestampsLength = 12;

    /// <summary>Which options are there.</summary>
    public TcpOptionKinds Present;

    /// <summary>MSS in octets.</summary>
    public ushort MaximumSegmentSize;

    /// <summary>The shift as it stands on the wire, 0 to 255; more than 14 is used as 14 (RFC 7323 2.3).</summary>
    public byte WindowScale;

    /// <summary>How many of <see cref="SackBlocks"/> are valid.</summary>
    public byte SackCount;

    /// <summary>TSval.</summary>
    public uint TimestampValue;

    /// <summary>TSecr.</summary>
    public uint TimestampEchoReply;

    /// <summary>The SACK blocks, in the order of the wire.</summary>
    public SackBlockArray SackBlocks;

    /// <summary>The user timeout in seconds (RFC 5482; the wire's minutes are converted).</summary>
    public int UserTimeoutSeconds;

    /// <summary>The length of the Fast Open cookie: 0 (a request), 4 to 16.</summary>
    public byte FastOpenCookieLength;

    /// <summary>The Fast Open cookie.</summary>
    public FastOpenCookieBytes FastOpenCookie;

    /// <summary>Whether <paramref name="kinds"/> are all there.</summary>
    public readonly bool Has(TcpOptionKinds kinds) => (Present & kinds) == kinds;

    /// <summary>Adds a SACK block, if there is room for it.</summary>
    public void AddSack(SequenceNumber left, SequenceNumber right)
    {
        if (SackCount == MaxSackBlocks) return;
        SackBlocks[SackCount++] = new SackBlock(left, right);
        Present |= TcpOptionKinds.Sack;
    }

    /// <summary>Sets MSS.</summary>
    public void SetMaximumSegmentSize(int octets)
    {
        MaximumSegmentSize = (ushort)Math.Clamp(octets, 0, ushort.MaxValue);
        Present |= TcpOptionKinds.MaximumSegmentSize;
    }

    /// <summary>Sets the window scale.</summary>
    public void SetWindowScale(int shift)
    {
        WindowScale = (byte)shift;
        Present |= TcpOptionKinds.WindowScale;
    }

    /// <summary>Sets the timestamps.</summary>
    public void SetTimestamps(uint value, uint echoReply)
    {
        TimestampValue = value;
        TimestampEchoReply = echoReply;
        Present |= TcpOptionKinds.Timestamps;
    }
}

/// <summary>Room for <see cref="TcpOptions.MaxSackBlocks"/> blocks.</summary>
[InlineArray(TcpOptions.MaxSackBlocks)]
public struct SackBlockArray
{
    private SackBlock _first;
}

/// <summary>Room for a Fast Open cookie.</summary>
[InlineArray(16)]
public struct FastOpenCookieBytes
{
    private byte _first;
}
