using System.IO.Pipelines;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Synfin.Simulation;
using Synfin.Stack;

namespace Synfin.AspNetCore.Tests.Support;

/// <summary>Both ends of one connection as the connection abstractions know it, without Kestrel.</summary>
internal sealed class ConnectionPair : IAsyncDisposable
{
    private ConnectionPair(
        SimulatedNetwork net, IConnectionListener listener, ConnectionContext client, ConnectionContext server, LogCollector logs)
    {
        Net = net;
        Listener = listener;
        Client = client;
        Server = server;
        Logs = logs;
    }

    public SimulatedNetwork Net { get; }

    public IConnectionListener Listener { get; }

    public ConnectionContext Client { get; }

    public ConnectionContext Server { get; }

    public LogCollector Logs { get; }

    public static SynfinTransportFactory Transport(SimulatedNetwork net, TcpConnectionOptions? options = null, LogCollector? logs = null) =>
        new(
            net["b"].Tcp,
            Options.Create(new SynfinTransportOptions { ConnectionOptions = options }),
            logs is null ? null : LoggerFactory.Create(builder => builder.AddProvider(logs).SetMinimumLevel(LogLevel.Debug)));

    public static async Task<ConnectionPair> Open(TcpConnectionOptions? options = null, SimulationOptions? simulation = null)
    {
        SimulatedNetwork net = simulation is null ? SimulatedNetwork.HostedTwoHosts() : SimulatedNetwork.TwoHosts(simulation);
        LogCollector logs = new();
        IConnectionListener listener = await Transport(net, options, logs).BindAsync(new IPEndPoint(IPAddress.Any, 80));
        SynfinConnectionFactory factory = new(net["a"].Tcp, options);
        ValueTask<ConnectionContext?> accepted = listener.AcceptAsync();
        ConnectionContext client = await factory.ConnectAsync(new DnsEndPoint("b", 80));
        return new ConnectionPair(net, listener, client, (await accepted)!, logs);
    }

    public static async Task<string> ReadToEnd(PipeReader reader)
    {
        StringBuilder text = new();
        while (true)
        {
            ReadResult result = await reader.ReadAsync();
            text.Append(Encoding.ASCII.GetString(result.Buffer));
            reader.AdvanceTo(result.Buffer.End);
            if (result.IsCompleted) return text.ToString();
        }
    }

    public static async Task<string> Read(PipeReader reader, int count)
    {
        ReadResult result = await reader.ReadAtLeastAsync(count);
        string text = Encoding.ASCII.GetString(result.Buffer.Slice(0, count));
        reader.AdvanceTo(result.Buffer.GetPosition(count));
        return text;
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await Server.DisposeAsync();
        await Listener.DisposeAsync();
        Net.Dispose();
    }
}
