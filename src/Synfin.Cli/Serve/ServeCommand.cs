using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Synfin.Cli.Certificates;
using Synfin.Cli.CommandLine;
using Synfin.Cli.Hosts;
using Synfin.Sockets;
using Synfin.Wire;

namespace Synfin.Cli.Serve;

/// <summary>`synfin serve`: the files of a folder over HTTP, by Kestrel on a host of its own.</summary>
internal static class ServeCommand
{
    private const int SerialOctets = 16;

    /// <summary>The name on the certificate.</summary>
    private const string Name = "synfin";

    private static readonly TimeSpan _validity = TimeSpan.FromDays(30);

    /// <summary>Serves until it is stopped.</summary>
    /// <returns>0 after an orderly end, 1 if a port cannot be had.</returns>
    public static async Task<int> RunAsync(ServeOptions options, HostSession session, CancellationToken ct)
    {
        CommandContext context = session.Context;
        IReadOnlyList<InternetAddress> addresses = session.Host.Addresses;
        using X509Certificate2? certificate = options.TlsPort is null ? null : MakeCertificate(addresses);
        await using WebApplication site = FileSite.Build(options, session.Sockets, certificate, context.Error);
        try
        {
            await site.StartAsync(ct).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is SocketException or IOException)
        {
            return SynfinCommandLine.Fail(context.Error, failure.Message.TrimEnd('.'), ExitCode.Failure);
        }
        Announce(options, session.Host.Device, addresses, context.Output);
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, context.Time, ct).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The orderly end.
        }
        await site.StopAsync(CancellationToken.None).ConfigureAwait(false);
        return ExitCode.Success;
    }

    private static X509Certificate2 MakeCertificate(IReadOnlyList<InternetAddress> addresses)
    {
        byte[] serialNumber = RandomNumberGenerator.GetBytes(SerialOctets);
        serialNumber[0] = (byte)(serialNumber[0] & 0x7F | 0x01); // positive, and not 0
        return OwnCertificate.Make(Name, [.. addresses.Select(address => address.ToIPAddress())], _validity, serialNumber);
    }

    private static void Announce(ServeOptions options, string device, IReadOnlyList<InternetAddress> addresses, TextWriter output)
    {
        output.WriteLine($"Serving {options.Folder} behind {device}. Ctrl+C ends. Try:");
        foreach (InternetAddress address in addresses)
        {
            string host = EndPoints.InUrl(address);
            output.WriteLine($"  curl http://{host}{PortPart(options.Port, ServeOptions.DefaultPort)}/");
            if (options.TlsPort is not { } tls) continue;
            output.WriteLine($"  curl --insecure https://{host}{PortPart(tls, ServeOptions.DefaultTlsPort)}/");
        }
        if (options.TlsPort is not null)
            output.WriteLine("The certificate was made just now and nobody vouches for it: hence --insecure.");
        output.Flush();
    }

    private static string PortPart(int port, int usual) => port == usual ? "" : string.Create(CultureInfo.InvariantCulture, $":{port}");
}
