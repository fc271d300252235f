using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Testing;

/// <summary>Two stacks and a perfect wire between them, run by hand in virtual time: the whole of a network in one loop.</summary>
public sealed class Pair : IStackSignals
{
    /// <summary>Host a's address.</summary>
    public static readonly InternetAddress AddressA = InternetAddress.FromIpv4(10, 0, 0, 1);

    /// <summary>Host b's address.</summary>
    public static readonly InternetAddress AddressB = InternetAddress.FromIpv4(10, 0, 0, 2);

    private readonly Wire _toA = new();
    private readonly Wire _toB = new();

    /// <summary>Two hosts at time zero.</summary>
    public Pair(StackOptions? a = null, StackOptions? b = null)
    {
        A = new NetworkStack(a ?? new StackOptions(), new StackSecret(1, 2), Timestamp.Zero);
        B = new NetworkStack(b ?? new StackOptions(), new StackSecret(3, 4), Timestamp.Zero);
        A.AddAddress(AddressA);
        B.AddAddress(AddressB);
    }

    /// <summary>Host a.</summary>
    public NetworkStack A { get; }

    /// <summary>Host b.</summary>
    public NetworkStack B { get; }

    /// <summary>The time.</summary>
    public Timestamp Now { get; private set; }

    /// <summary>Whether a packet is lost: direction (true = from a), its number in that direction from 1, and its octets.</summary>
    public Func<bool, int, byte[], bool>? Lose { get; set; }

    /// <summary>Packets that went by, for assertions.</summary>
    public List<(bool FromA, byte[] Packet)> Log { get; } = [];

    /// <summary>Opens a connection from a to b and accepts it.</summary>
    public (TcpConnection A, TcpConnection B) Connect(TcpConnectionOptions? options = null, ushort port = 80)
    {
        Check(B.Listen(AddressB, port, 16, options, Now, out TcpListener? listener));
        Check(A.Connect(AddressB, port, null, 0, options, Now, out TcpConnection? a));
        Settle();
        Check(listener!.Accept(Now, out TcpConnection? b));
        return (a!, b!);
    }

    /// <summary>Runs turns at the present time until nothing moves.</summary>
    public void Settle()
    {
        bool moved = true;
        while (moved)
        {
            A.OnTime(Now);
            B.OnTime(Now);
            A.Output(_toB, Now);
            B.Output(_toA, Now);
            moved = Deliver(_toB, B, fromA: true) | Deliver(_toA, A, fromA: false);
            A.CheckInvariants();
            B.CheckInvariants();
            moved |= A.NextDeadline <= Now || B.NextDeadline <= Now || A.HasOutput || B.HasOutput;
        }
        A.DeliverSignals(this);
        B.DeliverSignals(this);
    }

    /// <summary>Jumps from deadline to deadline until <paramref name="length"/> has passed.</summary>
    public void Run(Duration length)
    {
        Timestamp end = Now + length;
        Settle();
        while (Timestamp.Min(A.NextDeadline, B.NextDeadline) is { } next && next <= end)
        {
            Now = Timestamp.Max(Now, next);
            Settle();
        }
        Now = end;
    }

    /// <inheritdoc/>
    void IStackSignals.ConnectionSignalled(TcpConnection connection, TcpSignals signals) => _ = signals;

    /// <inheritdoc/>
    void IStackSignals.ListenerSignalled(TcpListener listener) => _ = listener;

    private static void Check(TcpError error)
    {
        if (error is not TcpError.None) throw new InvalidOperationException(error.ToString());
    }

    private bool Deliver(Wire wire, NetworkStack to, bool fromA)
    {
        bool any = wire.Packets.Count > 0;
        while (wire.Packets.TryDequeue(out byte[]? packet))
        {
            wire.Delivered++;
            Log.Add((fromA, packet));
            if (Lose?.Invoke(fromA, wire.Delivered, packet) == true) continue;
            to.Input(packet, default, Now);
        }
        return any;
    }

    private sealed class Wire : ILink
    {
        public Queue<byte[]> Packets { get; } = new();

        public int Delivered { get; set; }

        public int Mtu => 1500;

        public LinkOffloads Offloads => LinkOffloads.None;

        public int MaxSuperSegment => 0;

        public bool Transmit(in OutboundPacket packet)
        {
            byte[] copy = new byte[packet.Length];
            packet.CopyTo(copy);
            Packets.Enqueue(copy);
            return true;
        }
    }
}
