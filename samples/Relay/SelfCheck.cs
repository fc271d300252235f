using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Synfin.Linux;
using Synfin.Simulation;

namespace Relay;

/// <summary>Two kernels' networks and the relay between them: a megabyte each way has to arrive as it was sent.</summary>
internal static class SelfCheck
{
    private const int Octets = 1_048_576;
    private const int Port = 7_000;

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(50);

    public static async Task Run(SimulatedLinkOptions link, ulong seed)
    {
        using NetworkNamespace one = NetworkNamespace.Create("one"), other = NetworkNamespace.Create("other");
        TunDevice left = one.Run(() => Devices.Open("relay0", "10.7.0.1"));
        TunDevice right = other.Run(() => Devices.Open("relay0", "10.7.0.2"));
        using var relay = new LinkRelay(left, right, link, seed);

        using Socket listener = other.CreateSocket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Any, Port));
        listener.Listen();
        using Socket client = one.CreateSocket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(IPAddress.Parse("10.7.0.2"), Port).WaitAsync(_patience);
        using Socket server = await listener.AcceptAsync().WaitAsync(_patience);

        byte[] there = RandomNumberGenerator.GetBytes(Octets), back = RandomNumberGenerator.GetBytes(Octets);
        Task sending = SendAsync(client, there), answering = SendAsync(server, back);
        byte[] thereHash = await HashAsync(server), backHash = await HashAsync(client);
        await Task.WhenAll(sending, answering);
        relay.Dispose();

        Console.WriteLine($"to the right: {Describe(relay.ToRight)}");
        Console.WriteLine($"to the left:  {Describe(relay.ToLeft)}");
        Claims.Hold(SHA256.HashData(there).AsSpan().SequenceEqual(thereHash), "a megabyte arrived on the right as it was sent");
        Claims.Hold(SHA256.HashData(back).AsSpan().SequenceEqual(backHash), "a megabyte arrived on the left as it was sent");
        long lost = relay.ToRight.Statistics.LostByChance + relay.ToLeft.Statistics.LostByChance;
        Claims.Hold(link.Loss == 0 || lost > 0, "packets were lost");
        Claims.Hold(relay.Failure is null, "both devices were there to the end");
    }

    private static string Describe(RelayPath path)
    {
        LinkStatistics what = path.Statistics;
        return $"{path.Packets.In} packets came, {path.Packets.Out} went;"
            + $" {what.LostByChance} lost by chance, {what.LostInQueue} in the queue,"
            + $" {what.Duplicated} doubled, {what.Reordered} overtaken";
    }

    private static async Task SendAsync(Socket socket, ReadOnlyMemory<byte> octets)
    {
        while (!octets.IsEmpty) octets = octets[await socket.SendAsync(octets).AsTask().WaitAsync(_patience)..];
        socket.Shutdown(SocketShutdown.Send);
    }

    private static async Task<byte[]> HashAsync(Socket socket)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[65_536];
        int count;
        while ((count = await socket.ReceiveAsync(buffer).WaitAsync(_patience)) > 0) hash.AppendData(buffer.AsSpan(0, count));
        return hash.GetHashAndReset();
    }
}
