using System.Diagnostics;
using System.Net.Sockets;

namespace Synfin.Cli.Bench.Tun;

/// <summary>How long answers take.</summary>
internal static class RoundTrips
{
    private const int MessageSize = 64;

    /// <summary>Echoes, one after the other, until the time is up.</summary>
    /// <param name="socket">A blocking socket to an echo service.</param>
    /// <param name="budget">How long to measure.</param>
    /// <param name="percentile">Which part of the answers was faster, 0 to 1.</param>
    /// <returns>Microseconds.</returns>
    public static double Measure(Socket socket, TimeSpan budget, double percentile)
    {
        var times = new List<long>(1 << 16);
        byte[] message = new byte[MessageSize];
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < budget)
        {
            long sent = Stopwatch.GetTimestamp();
            socket.Send(message);
            for (int received = 0; received < MessageSize;)
            {
                int more = socket.Receive(message.AsSpan(received));
                if (more == 0) throw new IOException("the connection ended before its echo");
                received += more;
            }
            times.Add(Stopwatch.GetTimestamp() - sent);
        }
        socket.Shutdown(SocketShutdown.Send);
        times.Sort();
        return times[(int)((times.Count - 1) * percentile)] * 1e6 / Stopwatch.Frequency;
    }
}
