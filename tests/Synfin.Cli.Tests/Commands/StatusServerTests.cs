using System.Globalization;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Text;
using Synfin.Linux.Status;
using Synfin.Sockets;
using Xunit;

namespace Synfin.Cli.Tests.Commands;

/// <summary>The status socket bears whatever its clients do.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class StatusServerTests : IDisposable
{
    private readonly MemoryNetwork _network = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("synfin-status-").FullName;

    public StatusServerTests() => Assert.SkipWhen(OperatingSystem.IsWindows(), "status sockets need the modes of Unix files");

    public void Dispose()
    {
        _network.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Only_its_user_may_open_it_and_it_vanishes_at_the_end()
    {
        StatusServer server = Start();
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(server.Path));
        Assert.Equal($"t0-{Environment.ProcessId}.sock", Path.GetFileName(server.Path));
        await server.DisposeAsync().InTime();
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Theory]
    [InlineData("nonsense\n", "the question is no JSON; it is {\\u0022want\\u0022:\\u0022status\\u0022}")]
    [InlineData("{\"want\":\"all\"}\n", "the question is {\\u0022want\\u0022:\\u0022status\\u0022}")]
    [InlineData("null\n", "the question is {\\u0022want\\u0022:\\u0022status\\u0022}")]
    public async Task A_question_that_it_does_not_know_is_answered_with_the_one_it_does(string question, string answer)
    {
        await using StatusServer server = Start();
        Assert.Equal($"{{\"error\":\"{answer}\"}}\n{{\"end\":true}}\n", await Ask(server, Encoding.UTF8.GetBytes(question)));
    }

    [Fact]
    public async Task A_question_without_end_is_cut_off()
    {
        await using StatusServer server = Start();
        Assert.Contains("at most 256 octets", await Ask(server, new byte[StatusServer.MaxRequest]));
    }

    [Fact]
    public async Task Clients_that_stall_keep_nobody_waiting_for_ever()
    {
        TimeSpan patience = TimeSpan.FromMilliseconds(100);
        await using StatusServer server = Start(
            new StatusServerOptions { Device = "t0", Folder = _folder, MaxClients = 2, Patience = patience });
        using Socket one = Connect(server), two = Connect(server);
        // The two are left when their time is over, and their places are free.
        HostReport report = await StatusClient.AskAsync(server.Path, TestContext.Current.CancellationToken).InTime();
        Assert.Equal("t0", report.Device);
        Assert.Equal(0, await one.ReceiveAsync(new byte[1], TestContext.Current.CancellationToken).InTime());
    }

    [Fact]
    public async Task It_ends_while_clients_stall()
    {
        StatusServer server = Start();
        using Socket stalled = Connect(server);
        await StatusClient.AskAsync(server.Path, TestContext.Current.CancellationToken).InTime();
        await server.DisposeAsync().InTime();
    }

    [Fact]
    public async Task More_connections_than_its_limit_are_counted()
    {
        await using StatusServer server = Start(new StatusServerOptions { Device = "t0", Folder = _folder, MaxConnections = 2 });
        using Synfin.Sockets.TcpListener listener = _network.Server.Listen(7);
        for (int i = 0; i < 5; i++) await _network.Client.Connect(7);
        HostReport report = await StatusClient.AskAsync(server.Path, TestContext.Current.CancellationToken).InTime();
        Assert.Equal((2, 3), (report.Connections.Count, report.Unlisted));
        Assert.Equal(5, Assert.Single(report.Listeners).AcceptQueue);
    }

    [Fact]
    public async Task Sockets_that_ended_processes_left_are_removed()
    {
        // Processes have numbers up to 4,194,304.
        string stale = Path.Combine(_folder, "old-4194305.sock");
        using (var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
            socket.Bind(new UnixDomainSocketEndPoint(stale));
        await using StatusServer server = Start();
        Assert.Equal([server.Path], StatusSockets.Find(_folder));
        Assert.False(File.Exists(stale));
    }

    [Fact]
    public void A_folder_that_others_may_use_is_refused()
    {
        File.SetUnixFileMode(_folder, File.GetUnixFileMode(_folder) | UnixFileMode.GroupRead);
        IOException failure = Assert.Throws<IOException>(() => Start());
        Assert.Contains($"others may use the folder {_folder}: remove it, or `chmod 700 {_folder}`", failure.Message);
    }

    [Fact]
    public async Task An_answer_that_is_none_is_explained()
    {
        string path = Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"x-{Environment.ProcessId}.sock"));
        using var imposter = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        imposter.Bind(new UnixDomainSocketEndPoint(path));
        imposter.Listen();
        Task<HostReport> asking = StatusClient.AskAsync(path, TestContext.Current.CancellationToken);
        using Socket client = await imposter.AcceptAsync(TestContext.Current.CancellationToken);
        client.Send("SSH-2.0-OpenSSH\n"u8);
        IOException failure = await Assert.ThrowsAsync<IOException>(() => asking.InTime());
        Assert.Equal($"{path} is no status socket: it answers \"SSH-2.0-OpenSSH\"", failure.Message);
    }

    private StatusServer Start(StatusServerOptions? options = null) =>
        StatusServer.Start(new TcpStackGroup(_network.Server), options ?? new StatusServerOptions { Device = "t0", Folder = _folder });

    private static Socket Connect(StatusServer server)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(server.Path));
        return socket;
    }

    private static async Task<string> Ask(StatusServer server, byte[] question)
    {
        using Socket socket = Connect(server);
        socket.Send(question);
        using var stream = new NetworkStream(socket);
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken).InTime();
    }
}
