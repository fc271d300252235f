namespace Synfin.Tcp.CongestionControl;

/// <summary>Watches the first slow start. Made when it first grows, forgotten when it is over.</summary>
internal interface ISlowStartExit
{
    /// <summary>An acknowledgment in slow start.</summary>
    /// <param name="sample">What it said.</param>
    /// <param name="window">cwnd in octets.</param>
    /// <param name="growth">By how many octets cwnd may grow.</param>
    /// <returns>True if slow start is over: ssthresh = cwnd.</returns>
    bool Acknowledged(in AckSample sample, int window, ref int growth);
}
