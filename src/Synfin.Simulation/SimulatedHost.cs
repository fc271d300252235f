using System.Globalization;
using System.Text;
using Synfin.Runtime;
using Synfin.Sockets;
using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Telemetry;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Simulation;

/// <summary>A host with a TCP of its own and application code that uses it.</summary>
public sealed partial class SimulatedHost : SimulatedEndpoint
{
    private readonly StackOptions _options;
    private readonly DeterministicRandom _random;
    private readonly HostInterface _interface;
    private HostObserver _observer;
    private bool _isDirty;
    private int _running;

    internal SimulatedHost(SimulatedNetwork network, string name, StackOptions options, IEnumerable<InternetAddress> addresses)
        : base(network, name, addresses)
    {
        _options = options;
        _random = network.Random.Fork("host " + name);
        _interface = new HostInterface(this, Emit);
        (Stack, Tcp, _observer) = Boot();
    }

    /// <summary>The engine; another one after each <see cref="Restart"/>.</summary>
    public NetworkStack Stack { get; private set; }

    /// <summary>The sockets that application code uses; others after each <see cref="Restart"/>.</summary>
    public TcpStack Tcp { get; private set; }

    /// <summary>False from <see cref="Crash"/> to <see cref="Restart"/>.</summary>
    public bool IsUp { get; private set; } = true;

    /// <summary>How often it was restarted.</summary>
    public int Restarts { get; private set; }

    /// <summary>Sees all that the stack does, beside ladder and trace hash; null for nobody.</summary>
    public ITcpObserver? Observer { get; set; }

    /// <summary>When the stack wants its next turn.</summary>
    internal Timestamp NextDeadline => IsUp ? Stack.NextDeadline : Timestamp.Never;

    /// <summary>
    /// Starts application code. What it awaits continues on the simulation's scheduler, in virtual time. An exception that it does not
    /// catch surfaces from the network's Run methods, unless the host crashed meanwhile or the task is the one that is run for.
    /// </summary>
    public Task Run(Func<Task> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        using StackGate.Visit visit = Network.Enter(nameof(Run));
        return Network.Launch(() => Watch(body));
    }

    /// <summary>Starts application code that has a result; see <see cref="Run(Func{Task})"/>.</summary>
    public Task<T> Run<T>(Func<Task<T>> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        TaskCompletionSource<T> result = new();
        SimulatedNetwork.Observe(result.Task);
        Run(() => SimulatedNetwork.Complete(result, body));
        return result.Task;
    }

    /// <summary>
    /// The power fails: connections vanish without a word to their peers, packets that arrive are lost, what the host's application code
    /// waits for fails.
    /// </summary>
    public void Crash()
    {
        using StackGate.Visit visit = Network.Enter(nameof(Crash));
        if (!IsUp) return;
        Network.Ladder?.HostCrashed(Name, Network.Now);
        PullThePlug();
        if (Network.Gate.IsShared) Tcp.DeliverSignals();
        else Network.Scheduler.Post(Tcp.DeliverSignals);
    }

    private void PullThePlug()
    {
        _observer.IsMuted = true;
        Stack.AbortAll(Network.Now);

        // The resets that these aborts queue stay in the old engine, which never gets another turn.
        Tcp.OutputReady = null;
        Tcp.Abandon();
        IsUp = false;
        _isDirty = false;
    }

    /// <summary>
    /// The host comes back, with its addresses, an empty memory and a new secret; application code has to be started anew.
    /// </summary>
    /// <exception cref="InvalidOperationException">It is up.</exception>
    public void Restart()
    {
        using StackGate.Visit visit = Network.Enter(nameof(Restart));
        if (IsUp) throw new InvalidOperationException($"host {Name} is up; crash it first");
        Restarts++;
        (Stack, Tcp, _observer) = Boot();
        IsUp = true;
        Network.Note(Name, $"{Name} restarts");
    }

    /// <summary>The network ends: as <see cref="Crash"/>, but nobody is told of a crash.</summary>
    internal void Stop()
    {
        if (!IsUp) return;
        PullThePlug();
        Tcp.DeliverSignals();
    }

    internal override void Receive(SimulatedPacket packet)
    {
        if (!IsUp)
        {
            Network.Lose(packet, "host down");
            return;
        }
        if (IsTaken(packet)) return;
        Network.RecordDelivered(packet, this);
        Stack.Input(packet.Octets.Span, new ReceiveMetadata(ChecksumVerified: false, packet.WireSegments), Network.Now);
        _isDirty = true;
    }

    internal override void LinksChanged() => Stack.Mtu = _interface.Mtu;

    /// <summary>The first half of a turn: deadlines, and what the application is to know before it runs.</summary>
    /// <returns>Whether there was anything to do.</returns>
    internal bool BeginTurn(Timestamp now)
    {
        if (!IsUp) return false;
        bool isDue = Stack.NextDeadline <= now;
        if (!_isDirty && !isDue) return false;
        if (isDue) Stack.OnTime(now);
        Tcp.DeliverSignals();
        return true;
    }

    /// <summary>The second half, after the application: what it wrote leaves together with the ACK of what it answers.</summary>
    /// <returns>Whether there was anything to do.</returns>
    internal bool EndTurn(Timestamp now)
    {
        if (!IsUp || (!_isDirty && !Stack.HasOutput)) return false;
        _isDirty = false;
        Stack.Output(_interface, now);
        Tcp.DeliverSignals();
        if (Network.Options.CheckInvariants) CheckInvariants(now);
        return true;
    }

    internal void Describe(StringBuilder text)
    {
        string up = IsUp ? "" : ", down";
        text.Append(CultureInfo.InvariantCulture, $"host {Name}{up}: {_running} application tasks, next deadline {NextDeadline}");
        text.AppendLine();
        if (!IsUp) return;
        Stack.ForEachConnection(connection =>
        {
            TcpStatus status = connection.Status();
            text.Append("  ").Append(status.Tuple).Append(' ').Append(status.State.ToRfcName());
            text.Append(CultureInfo.InvariantCulture, $", to send {status.SendQueue}, to read {status.ReceiveQueue}");
            text.Append(CultureInfo.InvariantCulture, $", retransmits {status.Retransmits}").AppendLine();
        });
    }

    private (NetworkStack Stack, TcpStack Tcp, HostObserver Observer) Boot()
    {
        DeterministicRandom random = _random.Fork(string.Create(CultureInfo.InvariantCulture, $"secret {Restarts}"));
        HostObserver observer = new(this, Network.Ladder?.ObserverFor(Name));
        NetworkStack stack = new(_options, new StackSecret(random.NextUInt64(), random.NextUInt64()), Network.Now, observer);
        foreach (InternetAddress address in Addresses) stack.AddAddress(address);
        if (Paths.Count > 0) stack.Mtu = _interface.Mtu;
        TcpStack tcp = new(stack, () => Network.Now, Network.Gate)
        {
            OutputReady = HasWork,
            NameResolver = Network,
            HookMaker = MakeHook,
        };
        SynfinTelemetry.SetEpoch(stack, VirtualTimeProvider.Epoch);
        return (stack, tcp, observer);
    }

    private void HasWork()
    {
        _isDirty = true;
        Network.HasWork();
    }

    private async Task Watch(Func<Task> body)
    {
        int restarts = Restarts;
        Interlocked.Increment(ref _running);
        try
        {
            await body().ConfigureAwait(true);
        }
        catch (Exception e) when (!IsUp || Restarts != restarts)
        {
            Network.Expect(e);
            throw;
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }

    private void CheckInvariants(Timestamp now)
    {
        try
        {
            Stack.CheckInvariants();
        }
        catch (InvalidOperationException e)
        {
            throw new InvalidOperationException($"host {Name} at {now} (seed {Network.Options.Seed}): {e.Message}", e);
        }
    }
}
