using System.Net.Sockets;
using Synfin.Cli.Bench.Yardsticks;

namespace Synfin.Cli.Bench.Tun;

/// <summary>yardstick.veth.roundtrip.*: the same echoes between two kernels, answered by .NET's asynchronous sockets.</summary>
/// <param name="percentile">50 or 99.</param>
internal sealed class VethRoundTripYardstick(int percentile) : IBenchmark
{
    /// <inheritdoc/>
    public string Name => $"yardstick.veth.roundtrip.p{percentile}";

    /// <inheritdoc/>
    public string Unit => "us";

    /// <inheritdoc/>
    public string What =>
        $"64-octet echoes between kernels over veth, the server's in ReceiveAsync and SendAsync: {percentile} % take no longer";

    /// <inheritdoc/>
    public string? Unavailable => TunWorld.Unavailable;

    /// <inheritdoc/>
    public double Run(TimeSpan budget)
    {
        using var pair = new VethPair();
        using Socket client = pair.Connect();
        using Socket server = pair.Listener.Accept();
        server.NoDelay = true;
        Task echo = Task.Run(() => SocketEcho.Serve(server));
        double time = RoundTrips.Measure(client, budget, percentile / 100.0);
        echo.GetAwaiter().GetResult();
        return time;
    }
}
