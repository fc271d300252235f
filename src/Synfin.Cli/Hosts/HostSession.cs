using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Synfin.Cli.CommandLine;
using Synfin.Linux;
using Synfin.Linux.Status;
using Synfin.Sockets;

namespace Synfin.Cli.Hosts;

/// <summary>
/// A command's time on a host: opens it with all that watches it (ladders, capture, status socket), runs the command, and ends everything
/// in order when the command is done, on SIGINT and SIGTERM, or when the device is gone.
/// </summary>
internal sealed class HostSession
{
    /// <summary>How long a host that ends may take to say why.</summary>
    private static readonly TimeSpan _lastWords = TimeSpan.FromSeconds(10);

    private HostSession(CommandContext context, IHost host)
    {
        Context = context;
        Host = host;
    }

    /// <summary>What the process gives.</summary>
    public CommandContext Context { get; }

    /// <summary>The host.</summary>
    public IHost Host { get; }

    /// <summary>The host's sockets.</summary>
    public TcpStackGroup Sockets => Host.Sockets;

    /// <summary>Runs a command on a host of its own.</summary>
    /// <param name="context">What the process gives.</param>
    /// <param name="settings">What the host is like.</param>
    /// <param name="program">What the status says that runs, such as "synfin serve".</param>
    /// <param name="ladders">Where ladders go.</param>
    /// <param name="work">The command. Its token is cancelled by signals, which it then decides about itself, and if the host ends.</param>
    /// <returns>What <paramref name="work"/> returned, or <see cref="ExitCode.Failure"/> after a line about why there is no host.</returns>
    public static async Task<int> RunAsync(
        CommandContext context,
        HostSettings settings,
        string program,
        TextWriter ladders,
        Func<HostSession, CancellationToken, Task<int>> work)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.Interrupt);
        using var signals = new StopSignals(stop);
        void Complain(string problem) => SynfinCommandLine.Fail(context.Error, problem, ExitCode.Failure);
        await using LiveLadders? drawn = settings.Ladder ? new LiveLadders(
            ladders, context.Terminal.Width, context.Terminal.UsesColor(ColorChoice.Auto), settings.Ethernet, context.Time) : null;
        using PcapFile? pcap = settings.PcapPath is { } path ? PcapFile.Create(
            path, settings.Device, settings.Ethernet, Complain, context.Time) : null;
        PacketTap? tap = drawn is null ? null : drawn.Tap;
        if (pcap is not null) tap += pcap.Tap;

        await using IHost host = context.OpenHost(settings, drawn, tap);
        if (await FindNoAddress(context, settings, host, stop.Token).ConfigureAwait(false) is { } problem)
        {
            Complain(problem);
            return ExitCode.Failure;
        }
        await using StatusServer? status = TryStart(context, host, program, Complain);
        return await RunAsync(new HostSession(context, host), work, stop).ConfigureAwait(false);
    }

    private static async Task<int> RunAsync(
        HostSession session, Func<HostSession, CancellationToken, Task<int>> work, CancellationTokenSource stop)
    {
        Task<int> working = work(session, stop.Token);
        Task ended = session.Host.Ended;
        try
        {
            if (await Task.WhenAny(working, ended).ConfigureAwait(false) == working) return await working.ConfigureAwait(false);
        }
        catch (HostEndedException)
        {
            // The host tells connections first that it ends, and then the others why.
        }
        await stop.CancelAsync().ConfigureAwait(false);
        await ((Task)working).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await ended.WaitAsync(_lastWords, session.Context.Time).ConfigureAwait(false);
        return ExitCode.Failure;
    }

    /// <summary>Waits for the addresses that come by DHCP and from routers.</summary>
    /// <returns>What did not come, or null.</returns>
    private static async Task<string?> FindNoAddress(CommandContext context, HostSettings settings, IHost host, CancellationToken ct)
    {
        using var late = new CancellationTokenSource(context.AddressPatience, context.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, ct);
        try
        {
            await host.WhenReadyAsync(either.Token).ConfigureAwait(false);
            return null;
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            string who = settings.Dhcp ? "DHCP server" : "router";
            string patience = context.AddressPatience.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture);
            return $"no {who} on {host.Device} gave an address within {patience} s: see that there is one on the link, or give an address "
                + "with --address";
        }
    }

    /// <summary>A host without a status socket is still a host.</summary>
    private static StatusServer? TryStart(CommandContext context, IHost host, string program, Action<string> complain)
    {
        try
        {
            var options = new StatusServerOptions { Device = host.Device, Program = program, Folder = context.StatusFolder };
            return StatusServer.Start(host.Sockets, options, context.Time);
        }
        catch (Exception failure) when (failure is IOException or SocketException or UnauthorizedAccessException)
        {
            complain($"{failure.Message}; 'synfin status' will not see this host");
            return null;
        }
    }

    /// <summary>The first SIGINT or SIGTERM asks for an orderly end; the second one ends the process, as without us.</summary>
    private sealed class StopSignals : IDisposable
    {
        private readonly CancellationTokenSource _stop;
        private readonly PosixSignalRegistration[] _registrations;

        public StopSignals(CancellationTokenSource stop)
        {
            _stop = stop;
            _registrations =
                [PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop), PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop)];
        }

        public void Dispose()
        {
            foreach (PosixSignalRegistration registration in _registrations) registration.Dispose();
        }

        private void Stop(PosixSignalContext signal)
        {
            if (_stop.IsCancellationRequested) return;
            signal.Cancel = true;
            _stop.Cancel();
        }
    }
}
