using Synfin.Stack;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Dhcp;

/// <summary>
/// A DHCP client (RFC 2131, RFC 2132, RFC 4361) without clock or socket: messages and the time go in, messages and a lease come out. Its
/// owner sends what <see cref="TryGetMessage"/> gives after each call from 0.0.0.0, or the lease's address once there is one, port
/// <see cref="ClientPort"/> to port <see cref="ServerPort"/>, and calls <see cref="OnTime"/> at <see cref="NextDeadline"/>.
/// </summary>
/// <remarks>The first usable offer is taken. A lease that is not renewed ends by itself; see <see cref="Version"/>.</remarks>
public sealed partial class DhcpClient
{
    /// <summary>The UDP port of servers.</summary>
    public const ushort ServerPort = 67;

    /// <summary>The UDP port of clients.</summary>
    public const ushort ClientPort = 68;

    /// <summary>The most octets of a message that the client sends.</summary>
    public const int MaxMessageLength = 576;

    /// <summary>The longest message that the client takes (option 57): what fits an Ethernet frame.</summary>
    public const int MaxReceivedLength = 1_472;

    private readonly DhcpClientOptions _options;
    private readonly SecretRandom _random;
    private uint _transactionId;
    private Timestamp _began;
    private Timestamp _exchangeBegan;
    private InternetAddress _wanted;
    private InternetAddress _server;
    private int _tries;
    private int _refusals;

    /// <summary>A client in INIT, or in REBOOTING if it had an address before.</summary>
    /// <param name="options">Who it is.</param>
    /// <param name="secret">Its only source of chance: transaction ids and times between repetitions.</param>
    /// <param name="start">The time.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public DhcpClient(DhcpClientOptions options, StackSecret secret, Timestamp start)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
        _random = new SecretRandom(secret);
        Start(start);
    }

    /// <summary>The state.</summary>
    public DhcpState State { get; private set; }

    /// <summary>The lease, or null if there is none, or none any more.</summary>
    public DhcpLease? Lease { get; private set; }

    /// <summary>Changes whenever <see cref="Lease"/> does: it was given, renewed, or is over.</summary>
    public long Version { get; private set; }

    /// <summary>When <see cref="OnTime"/> has something to do.</summary>
    public Timestamp NextDeadline { get; private set; }

    /// <summary>Why the server last said no (option 56), or null.</summary>
    public string? LastRefusal { get; private set; }

    /// <summary>Begins anew: with the address of the last time if there is one.</summary>
    public void Start(Timestamp now)
    {
        LoseLease();
        _refusals = 0;
        _tries = 0;
        State = _options.PreviousAddress is null ? DhcpState.Init : DhcpState.Rebooting;
        NextDeadline = now + _random.Below(_options.MaxInitialDelay);
    }

    /// <summary>Acts on a deadline that has passed.</summary>
    public void OnTime(Timestamp now)
    {
        if (now < NextDeadline) return;
        switch (State)
        {
            case DhcpState.Init:
                Discover(now);
                break;
            case DhcpState.Selecting:
                SendDiscover(now);
                break;
            case DhcpState.Rebooting when _tries == 0:
                BeginExchange(now);
                _began = now;
                (_wanted, _server) = (_options.PreviousAddress!.Value, default);
                SendRequest(now);
                break;
            case DhcpState.Requesting or DhcpState.Rebooting:
                if (_tries < _options.MaxRequests) SendRequest(now);
                else Discover(now);
                break;
            case DhcpState.Bound or DhcpState.Renewing or DhcpState.Rebinding:
                LeaseTimePassed(now);
                break;
            case DhcpState.Stopped:
                NextDeadline = Timestamp.Never;
                break;
            default:
                throw new UnreachableException();
        }
    }

    /// <summary>
    /// Somebody else has the address (RFC 2131 3.1.5, RFC 5227 2.1.1): tells the server, gives the address up, and begins anew after
    /// <see cref="DhcpClientOptions.DeclineDelay"/>. Without a lease nothing happens.
    /// </summary>
    public void Decline(Timestamp now)
    {
        if (Lease is not { } lease) return;
        BeginExchange(now);
        Queue(new Outgoing(DhcpMessageType.Decline, InternetAddress.AnyIpv4, lease.Address.Address, lease.ServerId, Everybody, 0));
        LoseLease();
        ToInit(now + _options.DeclineDelay);
    }

    /// <summary>
    /// The address is not needed any more: tells the server, if there is a lease, and stops. The message is to leave from the address,
    /// before the host gives it up.
    /// </summary>
    public void Release(Timestamp now)
    {
        if (Lease is { } lease)
        {
            BeginExchange(now);
            InternetAddress address = lease.Address.Address, none = InternetAddress.AnyIpv4;
            Queue(new Outgoing(DhcpMessageType.Release, address, none, lease.ServerId, lease.ServerId, 0));
        }
        else
        {
            _hasOutgoing = false;
        }
        LoseLease();
        State = DhcpState.Stopped;
        NextDeadline = Timestamp.Never;
    }

    /// <summary>The lease's times, whichever has passed first: a clock may have stood still in between.</summary>
    private void LeaseTimePassed(Timestamp now)
    {
        DhcpLease lease = Lease!;
        if (now >= lease.Expires)
        {
            LoseLease();
            Discover(now);
        }
        else if (now >= lease.Rebinds)
        {
            AskForMore(DhcpState.Rebinding, Everybody, lease.Expires, now);
        }
        else
        {
            AskForMore(DhcpState.Renewing, lease.ServerId, lease.Rebinds, now);
        }
    }

    /// <summary>RFC 2131 4.4.5: again after half of the time that is left.</summary>
    private void AskForMore(DhcpState state, InternetAddress destination, Timestamp end, Timestamp now)
    {
        if (State != state)
        {
            if (State is DhcpState.Bound) _began = now;
            State = state;
            BeginExchange(now);
        }
        InternetAddress none = InternetAddress.AnyIpv4; // table 4: neither the address nor the server is named
        Queue(new Outgoing(DhcpMessageType.Request, Lease!.Address.Address, none, none, destination, SecondsAt(now)));
        Duration half = (end - now) / 2;
        NextDeadline = Timestamp.Min(end, now + Duration.Max(half, _options.LeastRenewalInterval));
    }

    private void Discover(Timestamp now)
    {
        State = DhcpState.Selecting;
        BeginExchange(now);
        _began = now;
        SendDiscover(now);
    }

    private void SendDiscover(Timestamp now)
    {
        InternetAddress none = InternetAddress.AnyIpv4;
        Queue(new Outgoing(DhcpMessageType.Discover, none, none, none, Everybody, SecondsAt(now)));
        WaitForAnswer(now);
    }

    /// <summary>In REQUESTING to the server that offered, in REBOOTING to whoever knows (RFC 2131 4.3.2).</summary>
    private void SendRequest(Timestamp now)
    {
        InternetAddress server = State is DhcpState.Requesting ? _server : InternetAddress.AnyIpv4;
        Queue(new Outgoing(DhcpMessageType.Request, InternetAddress.AnyIpv4, _wanted, server, Everybody, SecondsAt(now)));
        WaitForAnswer(now);
    }

    /// <summary>RFC 2131 4.1: twice as long each time, and a second more or less by chance.</summary>
    private void WaitForAnswer(Timestamp now) => NextDeadline = now + Backoff(_tries++);

    private Duration Backoff(int tries)
    {
        Duration wait = Duration.Min(_options.FirstTimeout * (1 << Math.Min(tries, 16)), _options.LongestTimeout);
        return wait - Duration.FromSeconds(1) + _random.Below(Duration.FromSeconds(2));
    }

    private void BeginExchange(Timestamp now)
    {
        _transactionId = _random.NextUInt32();
        _exchangeBegan = now;
        _tries = 0;
    }

    private void ToInit(Timestamp at)
    {
        State = DhcpState.Init;
        NextDeadline = at;
    }

    private void LoseLease()
    {
        if (Lease is null) return;
        Lease = null;
        Version++;
    }
}
