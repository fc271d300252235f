using System.Net;
using System.Net.Sockets;
using Synfin.Sockets;

namespace Synfin.Cli.Bench.Tun;

/// <summary>tun.roundtrip.*: how long the answer of a Synfin host takes to a kernel client.</summary>
/// <param name="percentile">50 or 99.</param>
internal sealed class TunRoundTripBenchmark(int percentile) : IBenchmark
{
    private const int Port = 7;

    /// <inheritdoc/>
    public string Name => $"tun.roundtrip.p{percentile}";

    /// <inheritdoc/>
    public string Unit => "us";

    /// <inheritdoc/>
    public string What => $"64-octet echoes of a kernel client, one after the other, from Synfin over TUN: {percentile} % take no longer";

    /// <inheritdoc/>
    public string? Unavailable => TunWorld.Unavailable;

    /// <inheritdoc/>
    public IReadOnlyList<string> ComparedTo => [$"yardstick.veth.roundtrip.p{percentile}"];

    /// <inheritdoc/>
    public double Run(TimeSpan budget)
    {
        using var world = new TunWorld();
        using TcpListenerGroup listener = world.Host.Sockets.Listen(new IPEndPoint(TunWorld.HostAddress, Port));
        Task serving = TunEcho.Serve(listener);
        using Socket socket = world.KernelSocket();
        socket.Connect(new IPEndPoint(TunWorld.HostAddress, Port));
        double time = RoundTrips.Measure(socket, budget, percentile / 100.0);
        listener.Close();
        serving.GetAwaiter().GetResult();
        return time;
    }
}
