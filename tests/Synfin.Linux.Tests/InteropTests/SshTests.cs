using System.Net;
using System.Text;
using Synfin.Linux.Tests.Support;
using Xunit;

namespace Synfin.Linux.Tests.InteropTests;

/// <summary>ssh and sshd, both in the kernel's network, with Synfin's proxy between them: every packet crosses the device twice.</summary>
[Trait("Needs", "tun")]
public sealed class SshTests
{
    private const int ServerPort = 2222, ProxyPort = 2022;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_session_goes_through_a_proxy(bool ipv6)
    {
        using Testbed bed = Testbed.Create();
        string folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            string key = Path.Combine(folder, "key"), hostKey = Path.Combine(folder, "host");
            using ProgramRun server = await StartServerAsync(bed, folder, key, hostKey);
            using var proxy = new ProxyToKernel(bed.Sockets, ProxyPort, new IPEndPoint(Testbed.KernelAddress(ipv6), ServerPort));

            byte[] text = Testbed.Octets(1_500_007);
            (byte[] back, int exit) = await Ssh(bed, ipv6, folder, key, text, "cat");
            Assert.Equal(0, exit);
            Assert.Equal(Testbed.Hash(text), Testbed.Hash(back));

            (byte[] greeting, exit) = await Ssh(bed, ipv6, folder, key, default, "echo hello; exit 7");
            Assert.Equal(7, exit);
            Assert.Equal("hello\n", Encoding.ASCII.GetString(greeting));

            // With a terminal: small segments both ways, an echo for each.
            (byte[] screen, exit) = await Ssh(bed, ipv6, folder, key, "tty\nexit 3\n"u8.ToArray(), "-tt", "/bin/sh");
            Assert.Equal(3, exit);
            Assert.Contains("/dev/pts/", Encoding.ASCII.GetString(screen), StringComparison.Ordinal);

            Assert.Equal(3, proxy.Connections);
            await proxy.EndAsync().InTime();
            bed.EndsSoundly();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<ProgramRun> StartServerAsync(Testbed bed, string folder, string key, string hostKey)
    {
        Requires.Program("sshd");
        foreach (string path in new[] { key, hostKey })
            await ProgramRun.CallAsync(bed.Kernel, "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", path);
        // Where sshd's child without rights is locked in; the package's service makes it otherwise.
        Directory.CreateDirectory("/run/sshd");
        string configuration = Path.Combine(folder, "configuration");
        await File.WriteAllTextAsync(configuration, $"""
            Port {ServerPort}
            HostKey {hostKey}
            AuthorizedKeysFile {key}.pub
            PermitRootLogin prohibit-password
            StrictModes no
            UsePAM no
            UseDNS no
            PidFile none

            """);
        ProgramRun server = ProgramRun.Start(bed.Kernel, "sshd", "-D", "-e", "-f", configuration);
        await server.ListensAsync(bed.Kernel, ServerPort);
        return server;
    }

    private static Task<(byte[] Output, int Exit)> Ssh(
        Testbed bed, bool ipv6, string folder, string key, ReadOnlyMemory<byte> input, params string[] command) => ProgramRun.RunAsync(
        bed.Kernel,
        "ssh",
        input,
        [
            "-F", "none", "-i", key, "-p", $"{ProxyPort}", "-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=no",
            "-o", $"UserKnownHostsFile={folder}/known", "-o", "LogLevel=ERROR", $"root@{Testbed.SynfinAddress(ipv6)}", .. command,
        ]);
}
