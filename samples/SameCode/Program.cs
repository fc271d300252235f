// One application - Kestrel, HttpClient, a stream, a pipe - over three networks. What changes from one to the next is one line.
using SameCode;

List<Func<Network>> networks =
[
    Networks.Memory,
    Networks.Simulation,
];
if (Networks.WhyNoTun() is { } reason) Console.WriteLine($"Without TUN devices, as {reason}.");
else networks.Add(Networks.Tun);

IReadOnlyList<string>? first = null;
foreach (Func<Network> make in networks)
{
    using Network network = make(); // the one line
    Console.WriteLine();
    Console.WriteLine($"{make.Method.Name}:");
    IReadOnlyList<string> found = await Application.Run(network.Client, network.Server, network.ServerName)
        .WaitAsync(TimeSpan.FromSeconds(50));
    foreach (string line in found) Console.WriteLine($"  {line}");
    first ??= found;
    Claims.Hold(found.SequenceEqual(first), "the application found out what it finds out everywhere");
}
string[] expected =
[
    "Kestrel says hello",
    "Kestrel took 1000003 octets as they were sent",
    "the stream went there and back",
    "the pipe counted 1000 lines",
];
Claims.Hold(first!.SequenceEqual(expected), "all of it is right");
