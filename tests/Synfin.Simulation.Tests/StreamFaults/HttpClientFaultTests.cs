using System.Net.Sockets;
using System.Text;
using Synfin.Simulation.Faults;
using Synfin.Sockets;
using TcpConnection = Synfin.Sockets.TcpConnection;
using TcpListener = Synfin.Sockets.TcpListener;

namespace Synfin.Simulation.Tests.StreamFaults;

/// <summary>What HttpClient makes of a server whose answer is cut.</summary>
[Trait("Needs", "engine")]
public sealed class HttpClientFaultTests
{
    private const int Body = 1000;
    private const string Head = "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\nConnection: close\r\n\r\n";

    [Theory]
    [InlineData("full", "")]
    [InlineData("partial-fin 300", "ResponseEnded")]
    [InlineData("partial-rst 300", "ConnectionReset")]
    [InlineData("truncate", "ResponseEnded")]
    [InlineData("nothing-rst", "ConnectionReset")]
    public async Task A_cut_answer_fails_as_over_a_real_network(string fault, string failure)
    {
        using SimulatedNetwork net = SimulatedNetwork.HostedTwoHosts();
        net["b"].AddFault(StreamFault.Parse(fault));
        using TcpListener listener = net["b"].Listen(80);
        _ = net["b"].Run(() => Serve(listener));
        await net.TestAsync(async () =>
        {
            using HttpClient client = net["a"].CreateHttpClient();
            Assert.Equal(failure, await Get(client));
        });
    }

    [Fact]
    public void Strict_mode_has_no_HttpClient_and_says_why()
    {
        using SimulatedNetwork net = SimulatedNetwork.TwoHosts();
        InvalidOperationException e = Assert.Throws<InvalidOperationException>(net["a"].CreateHttpClient);
        Assert.Contains("SimulationMode.Hosted", e.Message);
    }

    private static async Task<string> Get(HttpClient client)
    {
        try
        {
            byte[] body = await client.GetByteArrayAsync(new Uri("http://b/"));
            Assert.Equal(Body, body.Length);
            return "";
        }
        catch (HttpRequestException e)
        {
            for (Exception? cause = e; cause is not null; cause = cause.InnerException)
            {
                if (cause is SocketException socket) return socket.SocketErrorCode.ToString();
                if (cause is HttpIOException http) return http.HttpRequestError.ToString();
            }
            return e.HttpRequestError.ToString();
        }
    }

    private static async Task Serve(TcpListener listener)
    {
        while (true)
        {
            TcpConnection connection;
            try
            {
                connection = await listener.AcceptAsync();
            }
            catch (SocketException)
            {
                return; // the test is over
            }
            await connection.ReadAsync(new byte[1000]);
            await connection.WriteAsync(Encoding.ASCII.GetBytes(Head + new string('x', Body)));
            connection.Close();
        }
    }
}
