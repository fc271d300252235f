using System.Net.Sockets;

namespace Synfin.Cli.Bench.Tun;

/// <summary>yardstick.veth.roundtrip.*: the same echoes between two kernels, answered by .NET's asynchronous sockets.</summary>
/// <param name="percentile">50 or 99.</param>
internal sealed class VethRoundTripYardstick(int percentile) : IBenchmark
{
    private const int BufferSize = 4_096;

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
        Task echo = Task.Run(() => Echo(server));
        double time = RoundTrips.Measure(client, budget, percentile / 100.0);
        echo.GetAwaiter().GetResult();
        return time;
    }

    private static async Task Echo(Socket socket)
    {
        byte[] buffer = new byte[BufferSize];
        int received;
        while ((received = await socket.ReceiveAsync(buffer).ConfigureAwait(false)) > 0)
            await socket.SendAsync(buffer.AsMemory(0, received)).ConfigureAwait(false);
    }
}
