namespace Synfin.Tcp.CongestionControl;

/// <summary>What ends the first slow start before a loss does.</summary>
public enum SlowStartExit : byte
{
    /// <summary>Nothing.</summary>
    Loss,

    /// <summary>HyStart++ (RFC 9406): a longer round trip leads to conservative slow start first.</summary>
    HyStartPlusPlus,

    /// <summary>HyStart as in Linux: a longer round trip or a long train of ACKs.</summary>
    HyStart,
}
