using System.Diagnostics;
using System.Net.Sockets;

namespace Synfin.Cli.Bench.Yardsticks;

/// <summary>One end of a flow over a blocking kernel socket.</summary>
internal static class SocketFlow
{
    /// <summary>Sends until the time is up, and closes.</summary>
    /// <param name="socket">The socket.</param>
    /// <param name="budget">How long.</param>
    /// <param name="size">The octets of each call.</param>
    public static void Send(Socket socket, TimeSpan budget, int size)
    {
        byte[] text = new byte[size];
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < budget)
        {
            // Blocking: all of it is taken.
            int sent = socket.Send(text);
            Debug.Assert(sent == size, "A blocking send takes everything.");
        }
        socket.Shutdown(SocketShutdown.Send);
    }

    /// <summary>Receives to the end of the stream.</summary>
    /// <param name="socket">The socket.</param>
    /// <param name="size">The most octets of each call.</param>
    /// <returns>Octets a second from the first on, and all octets.</returns>
    public static (double Rate, long Octets) Receive(Socket socket, int size)
    {
        byte[] buffer = new byte[size];
        int received = socket.Receive(buffer);
        long first = received;
        long start = Stopwatch.GetTimestamp();
        long counted = 0;
        while (received > 0) counted += received = socket.Receive(buffer);
        return (counted / Stopwatch.GetElapsedTime(start).TotalSeconds, first + counted);
    }
}
