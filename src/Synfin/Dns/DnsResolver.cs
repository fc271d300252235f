using System.Globalization;
using System.Net.Sockets;
using Synfin.Runtime;
using Synfin.Sockets;
using Synfin.Stack;
using Synfin.Wire;

namespace Synfin.Dns;

/// <summary>
/// A stub resolver (RFC 1034 5.3.1, RFC 1123 6.1.3): asks recursive servers for a name's IPv4 and IPv6 addresses, by UDP and, for long
/// answers, by TCP, over the stack that it serves. Set it as <see cref="TcpStack.NameResolver"/>.
/// </summary>
/// <remarks>
/// <para>An answer must come from the server that was asked, to the port of that one query, which is random, with its random id and its
/// question (RFC 5452); all else is ignored. Who sees too many wrong answers to a query asks by TCP instead.</para>
/// <para>Equal questions that are asked at the same time are asked once. Answers are remembered as long as they say, and so is that a name
/// is not there (RFC 2308). A server that fails or does not answer is followed by the next one.</para>
/// <para><c>localhost</c> and names below it are this host (RFC 6761 6.3); names below <c>invalid</c> and <c>onion</c> are not there (RFC
/// 6761 6.4, RFC 7686), and nobody is asked.</para>
/// </remarks>
public sealed partial class DnsResolver : INameResolver, IDisposable
{
    private static readonly InternetAddress[] _localhost = [new(0, 1), InternetAddress.FromIpv4(127, 0, 0, 1)];
    private static readonly DnsName _localhostName = Parse("localhost"), _invalid = Parse("invalid"), _onion = Parse("onion");

    private readonly TcpStack _stack;
    private readonly TimeProvider _time;
    private readonly SecretRandom _random;
    private DnsOptions _options;
    private DnsServer[] _servers;

    /// <summary>A resolver.</summary>
    /// <param name="stack">The stack whose sockets it uses, and at whose gate it is called.</param>
    /// <param name="options">Whom it asks, and how patiently.</param>
    /// <param name="time">For its time-outs: in a simulation the network's; null for the system's.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="InvalidOperationException">The calling thread does not own the stack.</exception>
    public DnsResolver(TcpStack stack, DnsOptions options, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(stack);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _stack = stack;
        _time = time ?? TimeProvider.System;
        using StackGate.Visit visit = stack.Gate.Enter(nameof(DnsResolver));
        _random = new SecretRandom(stack.Engine.DeriveSecret());
        _options = options;
        _servers = ServersOf(options);
    }

    /// <summary>
    /// Whom it asks. When a network is joined or left they are set anew: what was remembered is forgotten, and what is being asked goes on
    /// with the old ones.
    /// </summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public DnsOptions Options
    {
        get
        {
            using StackGate.Visit visit = _stack.Gate.Enter(nameof(Options));
            return _options;
        }
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            value.Validate();
            using StackGate.Visit visit = _stack.Gate.Enter(nameof(Options));
            _options = value;
            _servers = ServersOf(value);
            _cache.Clear();
            _lookups.Clear();
        }
    }

    /// <summary>Questions that were answered from memory, since the start.</summary>
    public long CacheHits { get; private set; }

    /// <summary>Queries that were sent, by UDP and by TCP, since the start.</summary>
    public long QueriesSent { get; private set; }

    /// <summary>Messages that were no answer to the query whose port they came to, since the start: late ones, and forgeries.</summary>
    public long AnswersIgnored { get; private set; }

    /// <summary>Forgets what was answered.</summary>
    public void ClearCache()
    {
        using StackGate.Visit visit = _stack.Gate.Enter(nameof(ClearCache));
        _cache.Clear();
    }

    /// <summary>
    /// The addresses of a name, the one to try first before the others (RFC 6724 in small: IPv6 first only if the host has a like address).
    /// An address in text is its own.
    /// </summary>
    /// <param name="name">
    /// A name. Without a dot at its end it may be one in a domain of <see cref="DnsOptions.Search"/>: one with fewer dots than
    /// <see cref="DnsOptions.Ndots"/> is tried there first, others are tried there last.
    /// </param>
    /// <param name="ct">Ends the wait.</param>
    /// <exception cref="SocketException">
    /// HostNotFound: nobody has that name; NoData: it has no addresses; TryAgain: no server answered usefully; OperationAborted: disposed.
    /// </exception>
    public async ValueTask<IReadOnlyList<InternetAddress>> ResolveAsync(string name, CancellationToken ct = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (InternetAddress.TryParse(name, out InternetAddress literal)) return [literal];
        if (ct.IsCancellationRequested) await Task.FromCanceled(ct).ConfigureAwait(false); // throws, as sockets' calls do
        if (!DnsName.TryParse(name, out DnsName? parsed, out string? reason))
            throw Failure(SocketError.HostNotFound, name, $"that is no name: {reason}");
        if (parsed.IsWithin(_localhostName)) return Sort(_localhost);
        if (parsed.IsWithin(_invalid) || parsed.IsWithin(_onion))
            throw Failure(SocketError.HostNotFound, name, "names below 'invalid' and 'onion' are never in the DNS (RFC 6761, RFC 7686)");
        bool isThere = false;
        List<string> stories = [];
        foreach (DnsName candidate in Candidates(parsed, name.EndsWith('.')))
        {
            // Both at once: each is a question of its own, and may have an answer in memory or be asked already.
            Task<DnsOutcome> v4 = Ask(new DnsQuestion(candidate, DnsRecordType.A), ct);
            Task<DnsOutcome> v6 = Ask(new DnsQuestion(candidate, DnsRecordType.Aaaa), ct);
            DnsOutcome[] both = await Task.WhenAll(v4, v6).ConfigureAwait(false);
            IReadOnlyList<InternetAddress> addresses = [.. both[1].Addresses, .. both[0].Addresses];
            if (addresses.Count > 0) return Sort(addresses);
            DnsOutcome telling = Telling(both);
            stories.Add($"{candidate}: {telling.Story}");
            // To go on after a failure would take another host for the one that was meant.
            if (telling.Kind is DnsOutcomeKind.Failed) throw Failure(SocketError.TryAgain, name, string.Join("; ", stories));
            isThere |= telling.Kind is DnsOutcomeKind.NoData;
        }
        if (stories.Count == 0) stories.Add("with any domain of the search list it is too long");
        throw Failure(isThere ? SocketError.NoData : SocketError.HostNotFound, name, string.Join("; ", stories));
    }

    /// <summary>Whoever waits gets OperationAborted.</summary>
    public void Dispose()
    {
        using StackGate.Visit visit = _stack.Gate.Enter(nameof(Dispose));
        AbandonAll();
    }

    /// <summary>What two questions without addresses say of a name: that it is not there is true of both families (RFC 2308 2.1).</summary>
    private static DnsOutcome Telling(DnsOutcome[] both) =>
        Array.Find(both, outcome => outcome.Kind is DnsOutcomeKind.NoName)
        ?? Array.Find(both, outcome => outcome.Kind is DnsOutcomeKind.Failed)
        ?? both[0];

    private static SocketException Failure(SocketError error, string name, string why)
    {
        string what = error switch
        {
            SocketError.HostNotFound => "No host has that name",
            SocketError.NoData => "The name is there, but has no addresses",
            SocketError.OperationAborted => "The resolver was disposed",
            _ => "No server gave a useful answer",
        };
        return new SocketException((int)error, string.Create(CultureInfo.InvariantCulture, $"'{name}': {what} ({why})."));
    }

    private static DnsName Parse(string name) =>
        DnsName.TryParse(name, out DnsName? parsed, out string? reason) ? parsed : throw new ArgumentException(reason, nameof(name));

    private static DnsServer[] ServersOf(DnsOptions options) =>
        [.. options.Servers.Select(address => new DnsServer(address.ToEndPoint(options.Port)))];

    private IReadOnlyList<InternetAddress> Sort(IReadOnlyList<InternetAddress> addresses)
    {
        using StackGate.Visit visit = _stack.Gate.Enter(nameof(ResolveAsync));
        return AddressOrder.Sort(addresses, _stack.Engine.Addresses);
    }

    /// <summary>The names that are tried, in this order.</summary>
    private List<DnsName> Candidates(DnsName name, bool isAbsolute)
    {
        DnsOptions options = Options;
        if (isAbsolute) return [name];
        List<DnsName> candidates = [];
        bool asItIsFirst = name.LabelCount - 1 >= options.Ndots;
        if (asItIsFirst) candidates.Add(name);
        foreach (string domain in options.Search)
        {
            if (name.Within(Parse(domain)) is { } within && !candidates.Contains(within)) candidates.Add(within);
        }
        if (!asItIsFirst && !candidates.Contains(name)) candidates.Add(name);
        return candidates;
    }
}
