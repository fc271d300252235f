namespace Synfin.Wire;

/// <summary>The kind octets of TCP options (IANA, "TCP Option Kind Numbers").</summary>
internal static class TcpOptionNumber
{
    public const byte EndOfList = 0;
    public const byte NoOperation = 1;
    public const byte MaximumSegmentSize = 2;
    public const byte WindowScale = 3;
    public const byte SackPermitted = 4;
    public const byte Sack = 5;
    public const byte Timestamps = 8;
    public const byte UserTimeout = 28;
    public const byte FastOpen = 34;
    public const byte AccurateEcn0 = 172;
    public const byte AccurateEcn1 = 174;

    /// <summary>NOP, NOP and the head of the timestamps option: how most data segments' options start (RFC 7323 appendix A).</summary>
    public const uint AlignedTimestamps = 0x0101_080A;
}
