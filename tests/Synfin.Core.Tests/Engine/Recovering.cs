using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Testing;

namespace Synfin.Core.Tests.Engine;

/// <summary>Words for time lines of loss recovery: segments of 1000 octets, counted from 0, over a path of 100 ms.</summary>
internal static class Recovering
{
    public const int Mss = 1000;
    public const int RoundTrip = 100;

    /// <summary>The relative sequence number of a segment.</summary>
    public static int At(int segment) => 1 + segment * Mss;

    /// <summary>An ACK whose blocks are given in segments: (1, 3) is the second and the third.</summary>
    public static string Ack(int segments, params (int From, int To)[] blocks) => $". seq 1 ack {At(segments)}"
        + (blocks.Length == 0 ? "" : " <sack " + string.Join(' ', blocks.Select(b => $"{At(b.From)}:{At(b.To)}")) + ">");

    /// <summary>An established connection whose handshake took one round trip.</summary>
    public static Given Open(TcpProfile profile, string options = "mss 1000,sackOK")
    {
        string stamp = options.Contains("TS", StringComparison.Ordinal) ? " <TS val 1 ecr last>" : "";
        return Given.Listening(new StackOptions { Profile = profile })
            .Receives($"S seq 0 win 65535 <{options}>").Sends("S. seq 0 ack 1").After(RoundTrip)
            .Receives($". seq 1 ack 1 win 65535{stamp}").Accepts().Then(TcpState.Established).SendsNothing();
    }

    /// <summary>Ten segments are in flight for a round trip; more may wait.</summary>
    public static Given Flight(TcpProfile profile, int write = 10, string options = "mss 1000,sackOK") =>
        Open(profile, options).Writes(write * Mss).SendsFull(1, 10, Mss).SendsNothing().After(RoundTrip);

    public static Given SendsSegments(this Given given, int from, int count = 1) => given.SendsFull(At(from), count, Mss);

    public static TcpStatus Status(this Given given) => given.Connection.Status();

    /// <summary>cwnd in segments.</summary>
    public static int Window(this Given given) => given.Status().CongestionWindow / Mss;

    /// <summary>ssthresh in segments.</summary>
    public static int Threshold(this Given given) => given.Status().SlowStartThreshold / Mss;
}
