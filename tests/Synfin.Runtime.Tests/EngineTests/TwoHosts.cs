using Synfin.Links;
using Synfin.Sockets;
using Synfin.Stack;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Runtime.Tests.EngineTests;

/// <summary>Two hosts on one wire, one thread and one virtual clock, which jumps when nobody has anything to do.</summary>
internal sealed class TwoHosts
{
    public static readonly InternetAddress AddressA = InternetAddress.FromIpv4(10, 0, 0, 1);
    public static readonly InternetAddress AddressB = InternetAddress.FromIpv4(10, 0, 0, 2);

    private const int MaxSteps = 200_000;

    private readonly PriorityQueue<TaskCompletionSource, long> _alarms = new();

    public TwoHosts(StackOptions? options = null)
    {
        A = new Host(this, AddressA, options ?? new StackOptions(), key: 1);
        B = new Host(this, AddressB, options ?? new StackOptions(), key: 2);
        A.Peer = B;
        B.Peer = A;
    }

    public OwnerScheduler Scheduler { get; } = new();

    public Host A { get; }

    public Host B { get; }

    public Timestamp Now { get; private set; }

    /// <summary>How long a frame is under way.</summary>
    public Duration Delay { get; init; } = Duration.FromMilliseconds(5);

    /// <summary>Whether a frame gets lost; gets the sender and the IP packet.</summary>
    public Func<Host, byte[], bool>? Loses { get; set; }

    /// <summary>Runs a test as an application of the hosts, to its end.</summary>
    public void Run(Func<Task> body)
    {
        Task? task = null;
        Scheduler.Run(() =>
        {
            task = Scheduler.Start(body);
            for (int i = 0; i < MaxSteps && !task.IsCompleted; i++) Step(task);
        });
        if (!task!.IsCompleted) throw new TimeoutException($"the test does not end; it is {Now}");
        task.GetAwaiter().GetResult();
    }

    /// <summary>Lets virtual time pass.</summary>
    public Task Wait(Duration duration)
    {
        TaskCompletionSource source = new();
        _alarms.Enqueue(source, (Now + duration).Nanoseconds);
        return source.Task;
    }

    private void Step(Task task)
    {
        while (_alarms.TryPeek(out TaskCompletionSource? alarm, out long due) && due <= Now.Nanoseconds)
        {
            _alarms.Dequeue();
            alarm.SetResult();
        }
        A.Receive();
        B.Receive();
        Scheduler.RunReady();
        A.Send();
        B.Send();
        if (task.IsCompleted || Scheduler.HasWork || A.IsBusy || B.IsBusy) return;
        Timestamp next = Timestamp.Min(A.NextEvent, B.NextEvent);
        if (_alarms.TryPeek(out _, out long at)) next = Timestamp.Min(next, new Timestamp(at));
        if (!next.IsSet) throw new TimeoutException($"nothing more can happen after {Now}, and the test waits");
        Now = Timestamp.Max(Now, next);
    }

    /// <summary>A stack, its sockets, and its end of the wire.</summary>
    internal sealed class Host : IFrameSink
    {
        private readonly TwoHosts _network;
        private readonly SoftwareSegmentation _link;
        private readonly Queue<(byte[] Frame, Timestamp Arrival)> _arriving = new();
        private byte[] _open = [];

        public Host(TwoHosts network, InternetAddress address, StackOptions options, ulong key)
        {
            _network = network;
            Address = address;
            Engine = new NetworkStack(options, new StackSecret(key, key), Timestamp.Zero);
            Engine.AddAddress(address);
            Sockets = new TcpStack(Engine, () => network.Now, network.Scheduler);
            _link = new SoftwareSegmentation(this);
        }

        public InternetAddress Address { get; }

        public NetworkStack Engine { get; }

        public TcpStack Sockets { get; }

        public Host Peer { get; set; } = null!;

        /// <summary>Frames handed to the wire, lost ones too.</summary>
        public int FramesSent { get; private set; }

        public int Mtu => 1_500;

        public bool IsBusy => Engine.HasOutput;

        public Timestamp NextEvent =>
            _arriving.TryPeek(out var first) ? Timestamp.Min(first.Arrival, Engine.NextDeadline) : Engine.NextDeadline;

        public bool HasRoom(int frames) => true;

        public Span<byte> GetFrame(int length) => _open = new byte[length];

        public void Commit()
        {
            FramesSent++;
            if (_network.Loses?.Invoke(this, _open) == true) return;
            Peer._arriving.Enqueue((_open, _network.Now + _network.Delay));
        }

        public void Receive()
        {
            while (_arriving.TryPeek(out var first) && first.Arrival <= _network.Now)
                Engine.Input(_arriving.Dequeue().Frame, default, _network.Now);
            Engine.OnTime(_network.Now);
            Sockets.DeliverSignals();
        }

        public void Send()
        {
            Engine.Output(_link, _network.Now);
            Sockets.DeliverSignals();
            Engine.CheckInvariants();
        }
    }
}
