using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Synfin.Dhcp;
using Synfin.Sockets;
using Synfin.Wire;

namespace Synfin.Simulation.Tests.Dhcp;

/// <summary>
/// A DHCP server on a simulated host: one address, 10.0.0.50/24, for 100 s, and what a test adds. It answers who asked, by unicast.
/// </summary>
internal sealed class ScriptedDhcp
{
    private readonly SimulatedHost _host;
    private readonly UdpSocket _socket;

    public ScriptedDhcp(SimulatedHost host)
    {
        _host = host;
        _socket = host.Tcp.BindUdp(null, DhcpClient.ServerPort);
        host.Run(Serve);
    }

    /// <summary>Whether it answers.</summary>
    public bool IsSilent { get; set; }

    /// <summary>Whether it says no to requests.</summary>
    public bool Refuses { get; set; }

    /// <summary>Options that come with each answer.</summary>
    public byte[] Extra { get; set; } = [6, 4, 10, 0, 0, 2, 15, 7, .. "example"u8];

    /// <summary>What it heard: seconds, type, from whom.</summary>
    public List<(double At, DhcpMessageType Type, string From)> Heard { get; } = [];

    private async Task Serve()
    {
        byte[] buffer = new byte[2_000];
        while (true)
        {
            UdpReceived received;
            try
            {
                received = await _socket.ReceiveFromAsync(buffer);
            }
            catch (SocketException)
            {
                return; // the end of the network
            }
            DhcpMessageType type = (DhcpMessageType)buffer[242]; // the client's first option is its type
            Heard.Add((Math.Round(_host.Network.Now.Seconds, 2), type, received.RemoteEndPoint.Address.ToString()));
            if (IsSilent || type is not (DhcpMessageType.Discover or DhcpMessageType.Request)) continue;
            DhcpMessageType answer = type is DhcpMessageType.Discover ? DhcpMessageType.Offer
                : Refuses ? DhcpMessageType.Nak : DhcpMessageType.Ack;
            await _socket.SendToAsync(Answer(buffer.AsSpan(0, 240), answer), received.RemoteEndPoint);
        }
    }

    private byte[] Answer(ReadOnlySpan<byte> query, DhcpMessageType type)
    {
        byte[] head = query.ToArray();
        head[0] = 2;
        IPAddress.Parse("10.0.0.50").TryWriteBytes(head.AsSpan(16), out _);
        BinaryPrimitives.WriteUInt16BigEndian(head.AsSpan(8), 0);
        return
        [
            .. head, 53, 1, (byte)type, 54, 4, 10, 0, 0, 1, 51, 4, 0, 0, 0, 100, 58, 4, 0, 0, 0, 50, 59, 4, 0, 0, 0, 90,
            1, 4, 255, 255, 255, 0, 3, 4, 10, 0, 0, 1, .. Extra, 255,
        ];
    }

    /// <summary>What the client sends to all goes to this server alone: the simulated link knows no broadcast.</summary>
    internal sealed class Transport(TcpStack stack) : IDhcpTransport
    {
        private readonly UdpDhcpTransport _udp = new(stack);

        public ValueTask SendAsync(ReadOnlyMemory<byte> message, InternetAddress destination, CancellationToken ct) =>
            _udp.SendAsync(message, destination.IsLimitedBroadcast ? InternetAddress.Parse("10.0.0.1") : destination, ct);

        public ValueTask<(int Count, InternetAddress From)> ReceiveAsync(Memory<byte> destination, CancellationToken ct) =>
            _udp.ReceiveAsync(destination, ct);

        public void Dispose() => _udp.Dispose();
    }
}
